// Aims at: deep and non-tail recursion turned into loops or accumulators: order of evaluation and stack objects.
#include "check.h"
#include <stdint.h>

NOINLINE static unsigned ackermann(unsigned m, unsigned n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}
NOINLINE static long sum_to(long n) { return n == 0 ? 0 : n + sum_to(n - 1); }
NOINLINE static uint32_t not_associative(uint32_t n) {
  return n == 0 ? 1 : n - not_associative(n - 1);
}
NOINLINE static uint32_t factorial_mod(uint32_t n) { return n < 2 ? 1 : n * factorial_mod(n - 1); }
NOINLINE static double alternating(int n) { return n == 0 ? 0 : 1.0 / n - alternating(n - 1); }
NOINLINE static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
NOINLINE static int collatz(uint64_t n) {
  return n == 1 ? 0 : 1 + (n & 1 ? collatz(3 * n + 1) : collatz(n / 2));
}
NOINLINE static int mccarthy(int n) { return n > 100 ? n - 10 : mccarthy(mccarthy(n + 11)); }
NOINLINE static int takeuchi(int x, int y, int z) {
  return x <= y ? z : takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y));
}
// Every level points into the one above.
NOINLINE static long chained(int depth, const long *outer) {
  long here[2] = {depth, outer ? *outer + outer[1] : 0};
  return depth == 0 ? here[1] : chained(depth - 1, here) * 3 % 1000003 + here[0];
}
NOINLINE static int side_effect(int n, int *log) { // the store after the call forbids a plain loop
  if (n == 0) return 0;
  int r = side_effect(n - 1, log + 1) + 1;
  *log = r * (log[1] + 1) % 101;
  return r;
}
NOINLINE static int hanoi(int n, int from, int to, int via, uint32_t *hash) {
  if (n == 0) return 0;
  int moves = hanoi(n - 1, from, via, to, hash);
  *hash = *hash * 31 + (uint32_t)(from * 3 + to);
  return moves + 1 + hanoi(n - 1, via, to, from, hash);
}
NOINLINE static int permutations(int *items, int at, int n) {
  if (at == n) return items[0] < items[n - 1];
  int count = 0;
  for (int i = at; i < n; i++) {
    int t = items[at]; items[at] = items[i]; items[i] = t;
    count += permutations(items, at + 1, n);
    t = items[at]; items[at] = items[i]; items[i] = t;
  }
  return count;
}

int main(void) {
  CHECK_EQ(ackermann(HIDE(2u), 9), 21);
  CHECK_EQ(ackermann(HIDE(3u), 4), 125);
  CHECK_EQ(sum_to(HIDE(10000l)), 50005000);
  CHECK_EQ(not_associative(HIDE(7u)), 7 - (6 - (5 - (4 - (3 - (2 - (1 - 1)))))));
  CHECK_EQ(not_associative(HIDE(2000u)), 1001);
  CHECK_EQ(factorial_mod(HIDE(13u)), (uint32_t)6227020800);
  CHECK_EQ(factorial_mod(HIDE(34u)), 0);
  double wanted = 0;
  for (volatile int i = 1; i <= 50; i++) wanted = 1.0 / i - wanted;
  CHECK(alternating(HIDE(50)) == wanted);
  CHECK_EQ(fibonacci(HIDE(17)), 1597);
  CHECK_EQ(collatz(HIDE(27ull)), 111);
  CHECK_EQ(collatz(HIDE(1ull)), 0);
  for (int n = 80; n < 111; n++) CHECK_EQ(mccarthy(HIDE(n)), n > 100 ? n - 10 : 91);
  CHECK_EQ(takeuchi(HIDE(6), 4, 2), 3);
  CHECK_EQ(takeuchi(HIDE(2), 4, 9), 9);

  long sums = 0, chain = 0;
  for (int d = 200; d > 0; d--) sums += d;
  chain = sums;
  for (int d = 1; d <= 200; d++) chain = chain * 3 % 1000003 + d;
  CHECK_EQ(chained(HIDE(200), 0), chain);

  int log[12] = {0};
  CHECK_EQ(side_effect(HIDE(10), log), 10);
  int model[12] = {0};
  for (int r = 1; r <= 10; r++) model[10 - r] = r * (model[11 - r] + 1) % 101;
  for (int i = 0; i < 12; i++) CHECK_EQ(log[i], model[i]);

  uint32_t hash = 1;
  CHECK_EQ(hanoi(HIDE(10), 0, 2, 1, &hash), 1023);
  CHECK_EQ(hanoi(0, 0, 2, 1, &hash), 0);
  int items[6] = {1, 2, 3, 4, 5, HIDE(6)};
  CHECK_EQ(permutations(items, 0, 6), 360);
  CHECK(items[0] == 1 && items[5] == 6);
  printf("%u %ld %d\n", hash, chain, log[0]);
  return verdict();
}
