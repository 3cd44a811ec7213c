// Aims at: unsigned wrap-around in comparisons, sums and loop bounds.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static int grows(unsigned a, unsigned b) { return a + b > a; } // not simply b > 0
NOINLINE static int signed_grows(int a, int b) { return (long long)a + b > a; }
NOINLINE static int in_range(unsigned x, unsigned low, unsigned high) {
  return x - low <= high - low;
}
NOINLINE static uint32_t average(uint32_t a, uint32_t b) { return (a & b) + ((a ^ b) >> 1); }
NOINLINE static uint64_t widen_late(uint32_t a, uint32_t b) { return a * b; }
NOINLINE static uint64_t widen_early(uint32_t a, uint32_t b) { return (uint64_t)a * b; }
NOINLINE static unsigned triple_distance(unsigned a, unsigned b) { return 3 * a - 3 * b; }
NOINLINE static int distance_sign(unsigned a, unsigned b) { return (int)(a - b) < 0; }
NOINLINE static uint8_t byte_sum(const uint8_t *p, int n) {
  uint8_t sum = 0;
  for (int i = 0; i < n; i++) sum += p[i];
  return sum;
}
NOINLINE static unsigned count_through_zero(unsigned from, unsigned until) {
  unsigned steps = 0;
  for (unsigned i = from; i != until; i++) steps++;
  return steps;
}
NOINLINE static unsigned byte_loop(uint8_t from) { // wraps from 255 to 0 and stops there
  unsigned steps = 0;
  for (uint8_t i = from; i; i++) steps += i;
  return steps;
}
NOINLINE static unsigned down_to_zero(unsigned n) {
  unsigned product = 1;
  for (unsigned i = n; i-- > 0;) product = product * 31 + i;
  return product;
}
NOINLINE static int never_negative(unsigned n) {
  int seen = 0;
  for (unsigned i = n; i < n + 1; i--) if (++seen > 3) break; // i < 0 can not stop it
  return seen;
}

int main(void) {
  CHECK(grows(HIDE(5u), 1) && !grows(HIDE(UINT_MAX), 1) && grows(UINT_MAX - 1, HIDE(1u)));
  CHECK(!grows(HIDE(7u), 0) && !grows(HIDE(7u), UINT_MAX));
  CHECK(signed_grows(HIDE(INT_MAX), 1) && !signed_grows(HIDE(INT_MIN), -1));
  CHECK(in_range(HIDE(10u), 10, 20) && in_range(20, 10, HIDE(20u)));
  CHECK(!in_range(HIDE(9u), 10, 20) && !in_range(HIDE(21u), 10, 20));
  CHECK(in_range(HIDE(2u), UINT_MAX - 3, 5)); // a range over the wrap
  CHECK_EQ(average(HIDE(UINT32_MAX), UINT32_MAX - 2), UINT32_MAX - 1);
  CHECK_EQ(widen_late(HIDE(0x10001u), 0x10001u), 0x20001u);
  CHECK_EQ(widen_early(HIDE(0x10001u), 0x10001u), 0x100020001ull);
  CHECK_EQ(triple_distance(HIDE(1u), 2), UINT_MAX - 2);
  CHECK(distance_sign(HIDE(5u), UINT_MAX) == 0 && distance_sign(UINT_MAX, HIDE(5u)) == 1);
  CHECK_EQ(distance_sign(0, HIDE(0x80000000u)), 1);

  uint8_t bytes[200];
  for (int i = 0; i < 200; i++) bytes[i] = (uint8_t)(i + 100);
  CHECK_EQ(byte_sum(bytes, HIDE(200)), (200 * 100 + 199 * 100) & 0xff);
  CHECK_EQ(count_through_zero(HIDE(UINT_MAX - 9), 10), 20);
  CHECK_EQ(count_through_zero(3, HIDE(3u)), 0);
  CHECK_EQ(byte_loop(HIDE((uint8_t)250)), 250 + 251 + 252 + 253 + 254 + 255);
  CHECK_EQ(byte_loop(HIDE((uint8_t)0)), 0);
  unsigned wanted = 1;
  for (volatile int i = 9; i >= 0; i--) wanted = wanted * 31 + (unsigned)i;
  CHECK_EQ(down_to_zero(HIDE(10u)), wanted);
  CHECK_EQ(never_negative(HIDE(1u)), 2);
  CHECK_EQ(never_negative(HIDE(100u)), 4);
  printf("%u %u\n", wanted, byte_loop(1));
  return verdict();
}
