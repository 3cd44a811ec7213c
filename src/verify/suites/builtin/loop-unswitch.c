// Aims at: loop-invariant conditions: unswitching with side effects.
#include "check.h"
#include <stdint.h>

static int calls;
NOINLINE static int tick(int v) { calls++; return v; }

NOINLINE static int guarded_division(const int *p, int n, int d) {
  int sum = 0;
  for (int i = 0; i < n; i++)
    if (d != 0) sum += p[i] / d; // the division is invariant only in its divisor
  return sum;
}
NOINLINE static int guarded_load(const int *p, const int *maybe_null, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++)
    if (maybe_null && p[i] > 0) sum += *maybe_null;
    else sum--;
  return sum;
}
// The load may not be hoisted out of 0 rounds.
NOINLINE static int never_entered(const int *null, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += *null + i;
  return sum;
}
NOINLINE static int four_ways(const int *p, int n, int a, int b) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    if (a) sum += p[i];
    else sum ^= p[i];
    if (b > 3) sum *= 3;
    else if (a && i == 2) break;
    sum = (sum & 0xffff) + tick(1);
  }
  return sum;
}
NOINLINE static int changes_inside(int n, int flag) { // not invariant: cleared in round 3
  int sum = 0;
  for (int i = 0; i < n; i++) {
    if (flag) sum += 10;
    else sum += 1;
    if (i == 3) flag = !flag;
  }
  return sum;
}
NOINLINE static int global_flag_loop(int *flag, int n) { // tick does not touch it, the store might
  int sum = 0;
  for (int i = 0; i < n; i++) {
    if (*flag) sum += tick(2);
    if (i == 4) *flag = 0;
  }
  return sum;
}
NOINLINE static int mode_switch(const uint8_t *p, int n, int mode) {
  int r = 1;
  for (int i = 0; i < n; i++) {
    switch (mode) {
    case 0: r += p[i]; break;
    case 1: r -= p[i]; break;
    case 2: r = r * p[i] % 8191; break;
    case 3: if (p[i] == 7) return i; break;
    default: return -1;
    }
  }
  return r;
}
NOINLINE static long nested(int n, int m, int inner, int outer) {
  long sum = 0;
  for (int i = 0; i < n; i++) {
    if (outer && i > 2) { sum += 1000; continue; }
    for (int j = 0; j < m; j++) {
      if (inner) { if (j > i) break; sum += j; }
      else sum += i;
      if (outer) sum -= 1;
    }
  }
  return sum;
}
int main(void) {
  const int p[] = {10, -20, 30, 45, 7};
  CHECK_EQ(guarded_division(p, 5, HIDE(0)), 0);
  CHECK_EQ(guarded_division(p, 5, HIDE(7)), 1 - 2 + 4 + 6 + 1);
  int value = HIDE(100);
  CHECK(guarded_load(p, HIDE((const int *)0), 5) == -5 && guarded_load(p, &value, 5) == 399);
  CHECK(never_entered(HIDE((const int *)0), HIDE(0)) == 0 && never_entered(&value, 3) == 303);
  int sum = 0;
  for (int a = 0; a < 2; a++)
    for (int b = 2; b < 6; b++) {
      int wanted = 0, rounds = 0;
      calls = 0;
      int seen = four_ways(p, 5, HIDE(a), HIDE(b));
      for (volatile int i = 0; i < 5; i++) {
        wanted = a ? wanted + p[i] : wanted ^ p[i];
        if (b > 3) wanted *= 3;
        else if (a && i == 2) break;
        wanted = (wanted & 0xffff) + 1;
        rounds++;
      }
      CHECK_EQ(seen, wanted);
      CHECK_EQ(calls, rounds);
      sum = sum * 7 % 100003 + seen;
    }
  CHECK(changes_inside(HIDE(10), HIDE(1)) == 46 && changes_inside(HIDE(10), HIDE(0)) == 64
      && changes_inside(HIDE(2), 1) == 20);
  int flag = HIDE(1);
  CHECK(global_flag_loop(&flag, HIDE(9)) == 10 && flag == 0 && global_flag_loop(&flag, 9) == 0);
  const uint8_t bytes[] = {5, 9, 7, 2};
  const int modes[] = {24, -22, 630, 2, -1};
  for (int m = 0; m < 5; m++) CHECK_EQ(mode_switch(bytes, 4, HIDE(m)), modes[m]);
  CHECK_EQ(mode_switch(bytes, HIDE(0), HIDE(4)), 1);
  CHECK(nested(6, 4, HIDE(0), HIDE(0)) == 60 && nested(6, 4, HIDE(1), HIDE(0)) == 0 + 1 + 3 + 6 +
      6 + 6);
  CHECK(nested(6, 4, HIDE(0), HIDE(1)) == 3000 && nested(6, 4, HIDE(1), HIDE(1)) == 2998);
  printf("%d %d\n", sum, calls);
  return verdict();
}
