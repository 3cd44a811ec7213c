// Aims at: 128-bit integers: carries, multiplication, division, shifts, comparisons, conversions.
#include "check.h"
#include <stdint.h>
#include <string.h>

typedef __int128 s128;
typedef unsigned __int128 u128;

static u128 join(uint64_t high, uint64_t low) { return (u128)high << 64 | low; }

NOINLINE static u128 add(u128 a, u128 b) { return a + b; }
NOINLINE static u128 mul(u128 a, u128 b) { return a * b; }
NOINLINE static u128 divide(u128 a, u128 b, u128 *rest) { *rest = a % b; return a / b; }
NOINLINE static s128 sdivide(s128 a, s128 b) { return a / b * 1000 + a % b; }
NOINLINE static u128 left(u128 a, int n) { return a << n; }
NOINLINE static u128 right(u128 a, int n) { return a >> n; }
NOINLINE static s128 sar(s128 a, int n) { return a >> n; }
NOINLINE static int order(s128 a, s128 b) {
  return (a > b) - (a < b) + 10 * (((u128)a > (u128)b) - ((u128)a < (u128)b));
}
NOINLINE static s128 many(int a, s128 x, int b, s128 y, long c, s128 z) {
  return x * a + y * b + z * c;
}
NOINLINE static uint64_t mulhi(uint64_t a, uint64_t b) { return (uint64_t)((u128)a * b >> 64); }
NOINLINE static int64_t smulhi(int64_t a, int64_t b) { return (int64_t)((s128)a * b >> 64); }
NOINLINE static double to_double(s128 a) { return (double)a; }
NOINLINE static s128 from_double(double d) { return (s128)d; }
NOINLINE static u128 divide_const(u128 a) { return a / 1000000007u ^ a % 10; }

static char *decimal(u128 v, char *end) {
  *--end = 0;
  do *--end = (char)('0' + (int)(v % 10)); while (v /= 10);
  return end;
}

int main(void) {
  char text[48], *end = text + 48;
  u128 ones = ~(u128)HIDE(0ull);
  CHECK(strcmp(decimal(ones, end), "340282366920938463463374607431768211455") == 0);
  CHECK(add(join(0, HIDE(UINT64_MAX)), 1) == join(1, 0));
  CHECK(add(ones, 1) == 0);
  CHECK(mul(ones, ones) == 1);
  CHECK(mul(join(1, HIDE(3ull)), join(2, 5)) == join(11, 15));

  u128 factorial = 1, rest;
  for (int i = 2; i <= 34; i++) factorial = mul(factorial, (u128)HIDE(i));
  CHECK(strcmp(decimal(factorial, end), "295232799039604140847618609643520000000") == 0);
  u128 down = factorial;
  for (int i = 34; i >= 2; i--) {
    down = divide(down, (u128)i, &rest);
    CHECK(rest == 0);
  }
  CHECK(down == 1);
  CHECK(divide(join(HIDE(7ull), 9), join(2, 0), &rest) == 3 && rest == join(1, 9));
  CHECK(divide(5, join(HIDE(1ull), 0), &rest) == 0 && rest == 5);
  CHECK(sdivide((s128)HIDE(-1000003ll), 1000) == -1000003 && sdivide(-7, HIDE(-2)) == 2999);

  u128 x = join(HIDE(0x8123456789abcdefull), 0xfedcba9876543210ull);
  for (int n = 0; n < 128; n++) {
    u128 by_steps = x;
    for (volatile int i = 0; i < n; i++) by_steps += by_steps;
    CHECK(left(x, n) == by_steps);
    CHECK(right(x, n) == (n ? left(right(x, n), n) : x) >> n);
    CHECK((right(x, n) ^ (u128)sar((s128)x, n)) == (n ? ~(ones >> n) : 0));
  }
  CHECK_EQ(order((s128)ones, 1), -1 + 10);
  CHECK_EQ(order((s128)join(1, 0), (s128)join(0, UINT64_MAX)), 11);
  CHECK_EQ(order((s128)join(HIDE(5ull), 3), (s128)join(5, 4)), -11);
  CHECK(many(1, (s128)join(1, 0), HIDE(-1), (s128)join(0, 1), 2, -3) == (s128)join(1, 0) - 7);

  CHECK_EQ(mulhi(HIDE(UINT64_MAX), UINT64_MAX), UINT64_MAX - 1);
  CHECK_EQ(smulhi(HIDE(INT64_MIN), INT64_MIN), 1ull << 62);
  CHECK_EQ(smulhi(HIDE(-1), 1), -1);
  CHECK(to_double((s128)1 << HIDE(100)) == 0x1p100 && to_double(-((s128)1 << 70)) == -0x1p70);
  CHECK(from_double(HIDE(-0x1.8p90)) == -((s128)3 << 89));
  CHECK(divide_const(join(HIDE(1ull), 0)) == (join(1, 0) / HIDE(1000000007u) ^ 6));
  printf("%s\n", decimal(x, end));
  return verdict();
}
