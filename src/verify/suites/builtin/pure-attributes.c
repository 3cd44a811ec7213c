// Aims at: pure, const, malloc and nonnull functions that keep their promise, and lookalikes.
#include "check.h"
#include <stdlib.h>
#include <string.h>

static int table[8] = {3, 1, 4, 1, 5, 9, 2, 6};
static int calls;

__attribute__((const, noinline)) static int cube(int x) { return x * x * x; }
__attribute__((pure, noinline)) static int lookup(int i) { return table[i & 7]; }
__attribute__((pure, noinline)) static long sum_of(const int *p, int n) {
  long s = 0;
  while (n--) s += *p++;
  return s;
}
// Not const: the calls are counted.
NOINLINE static int counted(int x) { calls++; return x * x * x; }
// Readonly, found by the optimiser.
__attribute__((noinline)) static int inferred(const int *p) { return p[0] + p[1]; }
__attribute__((malloc, noinline)) static int *fresh(int n) {
  int *p = malloc(sizeof *p * (size_t)n);
  if (!p) exit(2);
  for (int i = 0; i < n; i++) p[i] = i;
  return p;
}
__attribute__((returns_nonnull, noinline)) static int *nonnull_slot(int i) { return &table[i & 7]; }
NOINLINE static int *maybe_null(int i) { return i < 0 ? NULL : &table[i & 7]; }
__attribute__((nonnull(1), noinline)) static int first_or(const int *p, const int *q) {
  return q ? *q : *p;
}
__attribute__((cold, noinline)) static int rare(int x) { calls += 100; return -x; }

NOINLINE static int reads_between_stores(void) {
  int a = lookup(2);
  table[2] = 40;
  int b = lookup(2); // not the same value again
  table[3] = 7;
  int c = lookup(2); // the same, but the store might alias
  table[2] = 4;
  table[3] = 1;
  return a * 10000 + b * 100 + c;
}
NOINLINE static int cse_const(int x, int y) {
  int a = cube(x);
  table[0] += a;
  int b = cube(x) + cube(y);
  table[0] -= a;
  return a + b;
}
NOINLINE static int in_loop(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    sum += lookup(1) + cube(3); // lookup(1) changes in the loop, cube(3) does not
    table[1]++;
  }
  table[1] -= n;
  return sum;
}
NOINLINE static int dead_calls(int x) {
  int unused UNUSED = cube(x + 1);
  counted(x + 1);
  counted(x + 1);
  return cube(x);
}
NOINLINE static long mutated_argument(int *p) {
  long before = sum_of(p, 4);
  p[1] += 100;
  long after = sum_of(p, 4);
  memset(p, 0, sizeof *p);
  return before * 1000000 + after * 1000 + sum_of(p, 4);
}
NOINLINE static int two_fresh(void) { // two different objects, though the calls look alike
  int *a = fresh(4), *b = fresh(4);
  a[2] = 50;
  int result = b[2] * 100 + a[2] + (a == b);
  free(a);
  free(b);
  return result;
}
NOINLINE static int guard(int x) { return x > 1000 ? rare(x) : x + 1; }

int main(void) {
  CHECK_EQ(reads_between_stores(), 4 * 10000 + 40 * 100 + 40);
  CHECK_EQ(cse_const(HIDE(3), HIDE(-2)), 46);
  CHECK_EQ(table[0], 3);
  CHECK_EQ(in_loop(HIDE(5)), 5 * 27 + 1 + 2 + 3 + 4 + 5);
  CHECK_EQ(dead_calls(HIDE(2)), 8);
  CHECK_EQ(calls, 2);
  for (int i = 0; i < 3; i++) counted(HIDE(1));
  CHECK_EQ(calls, 5);
  int p[4] = {1, 2, 3, HIDE(4)};
  CHECK_EQ(mutated_argument(p), 10110109);
  int before = inferred(p);
  p[0] = HIDE(9);
  CHECK_EQ(inferred(p) - before, 9);
  CHECK_EQ(two_fresh(), 250);
  *nonnull_slot(HIDE(7)) += 1;
  CHECK_EQ(lookup(7), 7);
  CHECK(maybe_null(HIDE(-1)) == NULL && *maybe_null(HIDE(15)) == 7);
  CHECK(first_or(p, NULL) == 9 && first_or(p, p + HIDE(3)) == 4);
  CHECK_EQ(guard(HIDE(5)), 6);
  CHECK_EQ(calls, 5);
  CHECK_EQ(guard(HIDE(5000)), -5000);
  CHECK_EQ(calls, 105);
  printf("%d %d\n", calls, table[7]);
  return verdict();
}
