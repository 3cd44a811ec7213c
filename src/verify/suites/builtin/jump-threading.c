// Aims at: jump threading: correlated branches, flags carried round a loop.
#include "check.h"
#include <stdint.h>
#include <string.h>

static char journal[96];
static int at;
NOINLINE static void note(char c) { if (at < 95) journal[at++] = c, journal[at] = 0; }

NOINLINE static int correlated(int x) {
  int flag = 0;
  if (x > 10) { note('a'); flag = 1; }
  note('-');
  if (flag) note('b'); else note('c');
  if (x > 5) note('d');
  if (x > 10 && flag) return 1;
  return x > 5 ? 2 : 3;
}
NOINLINE static int changed_between(int *x) { // the call may change *x
  int first = *x > 0;
  note('e');
  *x = -*x;
  if (*x > 0) return first ? 1 : 2;
  return first ? 3 : 4;
}
NOINLINE static int state_loop(const char *s) { // the state is known on every path
  enum { OUT, WORD, NUMBER, STRING } state = OUT;
  int words = 0, numbers = 0, strings = 0;
  for (; *s; s++) {
    if (state == STRING) { if (*s == '"') { state = OUT; strings++; } continue; }
    int alpha = *s >= 'a' && *s <= 'z', digit = *s >= '0' && *s <= '9';
    if (state == WORD && !alpha && !digit) { words++; state = OUT; }
    if (state == NUMBER && !digit) { numbers++; state = alpha ? WORD : OUT; }
    if (state == OUT) state = *s == '"' ? STRING : alpha ? WORD : digit ? NUMBER : OUT;
  }
  if (state == WORD) words++;
  else if (state == NUMBER) numbers++;
  return words * 100 + numbers * 10 + strings + (state == STRING ? 1000 : 0);
}
NOINLINE static int pointer_tests(const int *p, const int *q) {
  const int *r = p ? p : q;
  if (!r) return -1;
  int v = *r;
  if (p) v += 100; // implied by r == p only when p is not null
  if (r == q) v += 1000;
  return v;
}
NOINLINE static int ranges(unsigned x) {
  if (x < 10) {
    if (x >= 10) return -1; // never
    if (x == 9) return 9;
    return x < 5 ? (x > 7 ? -2 : 1) : 2;
  }
  if (x - 10 < 5) return 3;
  if (x < 16) return x == 15 ? 4 : -3;
  return x > 0x80000000u ? 5 : 6;
}
NOINLINE static int boolean_chain(int a, int b, int c) {
  int r = a && b;
  r = r || c;
  r = r != (a && !c);
  if (r) { if (a) return b ? 1 : 2; return c ? 3 : 4; }
  return a ? 5 : b ? 6 : 7;
}
NOINLINE static int first_round(int n) {
  int first = 1, sum = 0;
  while (n-- > 0) {
    if (!first) { note(','); sum += 10; }
    first = 0;
    note((char)('0' + n));
  }
  return first ? -1 : sum;
}
NOINLINE static int select_then_branch(int x, int y) {
  int m = x < y ? x : y, w = x < y ? 1 : 2;
  if (w == 1) return m == x ? 10 : 11;
  return m == y ? 20 : 21;
}
NOINLINE static int error_codes(int a, int b) { // every failure jumps over what succeeded
  int code = 0;
  if (a < 0) { code = 1; goto end; }
  note('1');
  if (b < 0) { code = 2; goto undo; }
  note('2');
  if (a > b) code = 3;
undo:
  if (code) note('u');
end:
  if (code == 1) note('x');
  else if (code) note('y');
  return code;
}

int main(void) {
  CHECK(correlated(HIDE(20)) == 1 && correlated(HIDE(7)) == 2 && correlated(HIDE(1)) == 3);
  int x = HIDE(5);
  CHECK(changed_between(&x) == 3 && changed_between(&x) == 2);
  x = HIDE(0);
  CHECK_EQ(changed_between(&x), 4);
  CHECK_EQ(state_loop(HIDE((const char *)"abc 12 x1 \"quoted 5\" 7q9 \"open")), 1321);
  CHECK(state_loop(HIDE((const char *)"")) == 0 && state_loop("9") == 10
      && state_loop("\"\"a") == 101);
  int p = 1, q = 2;
  CHECK(pointer_tests(HIDE(&p), &q) == 101 && pointer_tests(HIDE((int *)0), &q) == 1002);
  CHECK(pointer_tests(HIDE(&p), &p) == 1101 && pointer_tests(HIDE((int *)0), 0) == -1);
  const int wanted[] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 9, 3, 3, 3, 3, 3, 4, 6};
  for (unsigned i = 0; i < 17; i++) CHECK_EQ(ranges(HIDE(i)), wanted[i]);
  CHECK(ranges(HIDE(0x80000000u)) == 6 && ranges(HIDE(0x80000001u)) == 5);
  int chained = 0;
  for (int i = 0; i < 8; i++) {
    int a = i >> 1 & 1, b = i >> 2 & 1, c = i & 1;
    int r = ((a & b) | c) ^ (a & (c ^ 1));
    int model = r ? (a ? 2 - b : 4 - c) : a ? 5 : 7 - b;
    CHECK_EQ(boolean_chain(HIDE(a), HIDE(b), HIDE(c)), model);
    chained = chained * 10 + model;
  }
  CHECK(first_round(HIDE(3)) == 20 && first_round(HIDE(0)) == -1 && first_round(HIDE(1)) == 0);
  CHECK(select_then_branch(HIDE(1), 2) == 10 && select_then_branch(HIDE(2), 2) == 20
      && select_then_branch(HIDE(3), 2) == 20);
  CHECK(error_codes(HIDE(-1), 0) == 1 && error_codes(1, HIDE(-1)) == 2
      && error_codes(HIDE(4), 2) == 3 && error_codes(1, HIDE(2)) == 0);
  CHECK(strcmp(journal, "a-bd-cd-ceee2,1,00x1uy12uy12") == 0);
  printf("%s %d\n", journal, chained);
  return verdict();
}
