// Aims at: dead and constant arguments and results removed across a call graph with address-taken exceptions.
#include "check.h"

static int effects;
NOINLINE static int effect(int v) { effects = effects * 3 + v; return v; }

NOINLINE static int ignores(int used, int ignored, double also_ignored) {
  (void)ignored; (void)also_ignored;
  return used + 1;
}
NOINLINE static int same_everywhere(int x, int seven, const char *label) {
  return x * seven + label[1];
}
NOINLINE static int same_but_once(int x, int usually_three) { return x * usually_three; }
NOINLINE static int returns_argument(int *cell, int v) { *cell += v; return v; }
NOINLINE static long result_unused(int *cell, long v) { *cell -= (int)v; return v * 1000; }
struct result { int quotient, rest, unused; };
NOINLINE static struct result divide(int a, int b) {
  return (struct result){a / b, a % b, effect(5)};
}
NOINLINE static int only_passed_on(int n, int token) {
  return n ? only_passed_on(n - 1, token) + 2 : 1;
}
NOINLINE static int passed_and_used_last(int n, int token) {
  return n ? passed_and_used_last(n - 1, token) : token;
}
// Promotable.
NOINLINE static int by_pointer_read_only(const int *p, const int *q) { return *p * 10 + *q; }
// P may be null.
NOINLINE static int by_pointer_maybe(const int *p, int read) { return read ? *p : -1; }
// Load after the store.
NOINLINE static int pointer_and_store(const int *p, int *q) { *q = 9; return *p; }
NOINLINE static void out_parameters(int in, int *doubled, int *squared, int *unused) {
  *doubled = in * 2;
  *squared = in * in;
  *unused = 0;
}

typedef int taken(int, int);
// Address taken below.
NOINLINE static int keeps_signature(int a, int unused) { (void)unused; return a + 100; }
NOINLINE static int other_signature(int a, int b) { return a - b; }
NOINLINE static int call(taken *f, int a, int b) { return f(a, b); }
NOINLINE static int level3(int a, int b, int c) { (void)b; return a > 0 ? c : 0; }
// B dead only through level3.
NOINLINE static int level2(int a, int b, int c) { return level3(a, b * 2, c) + 1; }
NOINLINE static int level1(int a, int b, int c) { return level2(a, b + c, c) * 2; }
NOINLINE static _Bool always_true(int v) { effect(v); return 1; }
NOINLINE static int uses_always_true(int v) { return always_true(v) ? 4 : effect(1000); }

int main(void) {
  CHECK_EQ(ignores(HIDE(4), effect(1), 0.5), 5); // the effect of a dead argument stays
  CHECK_EQ(ignores(HIDE(5), effect(2), 1.0), 6);
  CHECK_EQ(effects, 1 * 3 + 2);
  CHECK_EQ(same_everywhere(HIDE(2), 7, "xy"), 14 + 'y');
  CHECK_EQ(same_everywhere(HIDE(3), 7, "xy"), 21 + 'y');
  CHECK_EQ(same_but_once(HIDE(2), 3) + same_but_once(HIDE(3), 3) + same_but_once(HIDE(4), 4), 31);
  int cell = HIDE(10);
  CHECK_EQ(returns_argument(&cell, 5) + cell * 0, 5);
  returns_argument(&cell, HIDE(3));
  result_unused(&cell, HIDE(8l));
  CHECK_EQ(cell, 10);
  effects = 0;
  CHECK_EQ(divide(HIDE(17), 5).rest, 2);
  CHECK_EQ(divide(HIDE(-17), 5).quotient, -3);
  CHECK_EQ(effects, 20);
  CHECK_EQ(only_passed_on(HIDE(5), effect(1)), 11);
  CHECK_EQ(passed_and_used_last(HIDE(5), 31), 31);
  int a = HIDE(3), b = HIDE(4);
  CHECK_EQ(by_pointer_read_only(&a, &b), 34);
  CHECK_EQ(by_pointer_read_only(&a, &a), 33);
  CHECK_EQ(by_pointer_maybe(&b, HIDE(1)), 4);
  CHECK_EQ(by_pointer_maybe(0, HIDE(0)), -1);
  CHECK_EQ(pointer_and_store(&a, &b), 3);
  CHECK_EQ(pointer_and_store(&b, &b), 9);
  int doubled, squared, unused;
  out_parameters(HIDE(6), &doubled, &squared, &unused);
  CHECK(doubled == 12 && squared == 36);
  out_parameters(HIDE(5), &cell, &cell, &unused); // the later store wins
  CHECK_EQ(cell, 25);
  taken *volatile f = keeps_signature;
  CHECK_EQ(call(f, HIDE(1), 2) + keeps_signature(HIDE(3), 4), 204);
  f = other_signature;
  CHECK_EQ(call(f, HIDE(1), 2), -1);
  CHECK_EQ(level1(HIDE(1), effect(2), HIDE(6)), 14);
  CHECK_EQ(level1(HIDE(-1), 2, 6), 2);
  effects = 1;
  CHECK_EQ(uses_always_true(HIDE(2)), 4);
  CHECK_EQ(effects, 5);
  printf("%d %d %d\n", effects, cell, doubled);
  return verdict();
}
