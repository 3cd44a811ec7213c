// Aims at: calls that never return, behind conditions; atexit and exit order.
#include "check.h"
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static char journal[64];
static jmp_buf rescue;
static int rescued;

NOINLINE static void note(char c) {
  size_t n = strlen(journal);
  if (n + 1 < sizeof journal) journal[n] = c;
}
_Noreturn NOINLINE static void die(char why) {
  note(why);
  longjmp(rescue, why);
}
_Noreturn NOINLINE static void die_indirectly(char why) {
  note('>');
  die(why);
}
NOINLINE static void die_if(int c, char why) { if (c) die_indirectly(why); }

NOINLINE static int checked_index(const int *p, int n, int i) {
  if (i < 0) die('<');
  if (i >= n) die_indirectly('#');
  return p[i]; // in range here, and only here
}
NOINLINE static int checked_divide(int a, int b) {
  note('d');
  die_if(b == 0, '/'); // the division must not move above
  return a / b;
}
NOINLINE static int kind(unsigned v) {
  switch (v % 4) {
  case 0: return 10;
  case 1: return 20;
  case 2: return 30;
  case 3: return 40;
  }
  __builtin_unreachable();
}
NOINLINE static int sign_known(int x) { // x is not negative here
  if (x < 0) die('-');
  return x / 8 + x % 8;
}
NOINLINE static int endless_with_exit(int n) {
  for (;;) {
    note('l');
    if (n-- == 0) die('e');
  }
}
NOINLINE static const char *required(const char *s) {
  if (!s) die('0');
  return s;
}
NOINLINE static int assumed(int x) {
  if (x & 3) __builtin_unreachable();
  return x / 4 * 4; // x
}
static int attempt(int (*f)(int, int), int a, int b) {
  volatile int result = -1;
  int why = setjmp(rescue);
  if (why) { rescued++; return -why; }
  result = f(a, b);
  return result;
}
static const int data[] = {5, 6, 7};
static int try_index(int i, int n) { return checked_index(data, n, i); }
static int try_loop(int n, int unused) { (void)unused; return endless_with_exit(n); }
static int try_text(int give, int unused) {
  (void)unused;
  return (int)strlen(required(give ? "four" : NULL));
}
static int try_sign(int x, int unused) { (void)unused; return sign_known(x); }

static void at_exit_second(void) { printf("second %s\n", journal); fflush(stdout); }
static void at_exit_first(void) {
  note('1');
  printf("first %s\n", journal);
  if (strcmp(journal, "<>#dd>/llle0-1") != 0) _Exit(1);
  atexit(at_exit_second); // registered while exiting: still runs
}

int main(void) {
  CHECK(attempt(try_index, HIDE(1), 3) == 6 && attempt(try_index, HIDE(-1), 3) == -'<');
  CHECK_EQ(attempt(try_index, HIDE(3), 3), -'#');
  CHECK_EQ(attempt(checked_divide, HIDE(20), HIDE(6)), 3);
  CHECK_EQ(attempt(checked_divide, HIDE(20), HIDE(0)), -'/');
  CHECK_EQ(attempt(try_loop, HIDE(2), 0), -'e');
  CHECK(attempt(try_text, HIDE(1), 0) == 4 && attempt(try_text, HIDE(0), 0) == -'0');
  CHECK(attempt(try_sign, HIDE(23), 0) == 9 && attempt(try_sign, HIDE(-23), 0) == -'-');
  for (unsigned v = 0; v < 9; v++) CHECK_EQ(kind(HIDE(v)), 10 + v % 4 * 10);
  CHECK_EQ(assumed(HIDE(-44)), -44);
  CHECK_EQ(rescued, 6);
  if (verdict()) return 1;
  atexit(at_exit_first);
  exit(HIDE(0));
}
