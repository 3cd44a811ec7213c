// Aims at: setjmp/longjmp: volatile locals survive, values computed twice.
#include "check.h"
#include <setjmp.h>

static jmp_buf back;
static int calls;

NOINLINE static void leave(int code) { calls++; longjmp(back, code); }
NOINLINE static void leave_deep(int depth, int code) {
  if (code < 0) return;
  if (depth) leave_deep(depth - 1, code + 1);
  else leave(code);
}

NOINLINE static int counts_up(int rounds) {
  volatile int passes = 0;
  int code = setjmp(back);
  passes = passes + 1;
  if (code < rounds) leave(code + 1);
  return passes * 100 + code;
}
NOINLINE static int zero_becomes_one(void) {
  switch (setjmp(back)) {
  case 0: longjmp(back, HIDE(0));
  case 1: return 1;
  default: return -1;
  }
}
// Not written after setjmp: they keep their values.
NOINLINE static int unchanged_locals(int a, int b) {
  int sum = a + b, product = a * b;
  if (setjmp(back) == 0) leave_deep(6, a);
  return sum * 1000 + product;
}
NOINLINE static int memory_is_kept(int *cells, int n) {
  volatile int at = 0;
  for (int i = 0; i < n; i++) cells[i] = 0;
  if (setjmp(back) != 0) cells[at] += 100;
  while (at < n) {
    cells[at] += at;
    at = at + 1;
    if (at % 3 == 0 && cells[at - 1] < 100 && at < n) leave(1);
  }
  int sum = 0;
  for (int i = 0; i < n; i++) sum += cells[i] * (i + 1);
  return sum;
}
NOINLINE static int loop_of_tries(int n) {
  volatile int failures = 0;
  for (volatile int i = 0; i < n; i = i + 1) {
    if (setjmp(back)) { failures = failures + 1; continue; }
    if (i % 4 == 1) leave(2);
  }
  return failures;
}
NOINLINE static double floats_survive(double x) {
  volatile double y = x * 2;
  double z = x * 3;
  if (setjmp(back) == 0) {
    y = y + 1;
    leave(1);
  }
  return y + z;
}
static int global_count;
NOINLINE static int global_is_current(void) {
  global_count = 1;
  if (setjmp(back) == 0) {
    global_count = 2;
    leave_deep(1, 9);
    global_count = 3; // never
  }
  return global_count;
}
NOINLINE static int saved_and_restored(int depth) { // each level has a buffer of its own
  jmp_buf outer;
  volatile int result = depth;
  __builtin_memcpy(&outer, &back, sizeof back);
  int code = setjmp(back);
  if (code == 0) {
    if (depth == 0) leave(5);
    result = result + saved_and_restored(depth - 1) * 2;
    if (depth & 1) leave(depth);
  } else result = result + code * 10;
  __builtin_memcpy(&back, &outer, sizeof back);
  return result;
}

int main(void) {
  CHECK_EQ(counts_up(HIDE(5)), 605);
  CHECK_EQ(counts_up(HIDE(0)), 100);
  CHECK_EQ(zero_becomes_one(), 1);
  CHECK_EQ(unchanged_locals(HIDE(7), HIDE(8)), 15056);
  int cells[7];
  CHECK_EQ(memory_is_kept(cells, HIDE(7)), 0 + 2 + 6 + 103 * 4 + 20 + 30 + 106 * 7);
  CHECK_EQ(loop_of_tries(HIDE(20)), 5);
  CHECK(floats_survive(HIDE(1.5)) == 8.5);
  CHECK_EQ(global_is_current(), 2);
  CHECK_EQ(saved_and_restored(HIDE(3)), 3 + (2 + (1 + (0 + 50) * 2 + 10) * 2) * 2 + 30);
  printf("%d %d\n", calls, global_count);
  CHECK_EQ(calls, 18);
  return verdict();
}
