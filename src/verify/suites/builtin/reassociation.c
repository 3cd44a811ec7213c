// Aims at: reassociated and factored expressions: integers may be regrouped with wrap.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static double left_to_right(double a, double b, double c) { return a + b + c; }
NOINLINE static double right_first(double a, double b, double c) { return a + (b + c); }
NOINLINE static double distribute(double a, double b, double c) { return a * b + a * c; }
NOINLINE static double factored(double a, double b, double c) { return a * (b + c); }
NOINLINE static float divide(float x, float y) { return x / y; }
NOINLINE static float by_reciprocal(float x, float y) { return x * (1.0f / y); }
NOINLINE static double cancel(double a, double b) { return a + b - a; }
NOINLINE static double sum_of(const double *p, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) s += p[i];
  return s;
}
NOINLINE static double sum_in_four(const double *p, int n) {
  double s[4] = {0};
  for (int i = 0; i < n; i++) s[i & 3] += p[i];
  return s[0] + s[1] + (s[2] + s[3]);
}
NOINLINE static double power4(double x) { return x * x * x * x; }
NOINLINE static double power4_squares(double x) { double s = x * x; return s * s; }

NOINLINE static uint32_t polynomial(uint32_t x) { return 5 * x * x * x + 3 * x * x - 7 * x + 11; }
NOINLINE static uint32_t horner(uint32_t x) { return ((5 * x + 3) * x - 7) * x + 11; }
NOINLINE static uint32_t common(uint32_t a, uint32_t b, uint32_t c) {
  return a * b + b * c + c * a - b * (a + c);
}
NOINLINE static uint32_t masks(uint32_t a, uint32_t b) {
  return ((a & ~b) | (~a & b)) ^ (a | b) ^ (a & b);
}
// A + c first could overflow.
NOINLINE static int signed_order(int a, int b, int c) { return a - b + c; }
NOINLINE static int64_t mixed_width(int32_t a, int64_t b, int32_t c) { return a + b + c; }

// Compensated sum: (sum + y) - sum - y is zero only in real numbers.
NOINLINE static float kahan(const float *p, int n) {
  float sum = 0, lost = 0;
  for (int i = 0; i < n; i++) {
    float y = p[i] - lost, t = sum + y;
    lost = (t - sum) - y;
    sum = t;
  }
  return sum;
}
NOINLINE static void two_sum(double a, double b, double *sum, double *error) {
  *sum = a + b;
  double part = *sum - a;
  *error = (a - (*sum - part)) + (b - part);
}

int main(void) {
  double big = HIDE(1e16), one = HIDE(1.0);
  CHECK(left_to_right(big, one, one) == 1e16 && right_first(big, one, one) == 1e16 + 2);
  CHECK(left_to_right(one, -one, 1e-30) == 1e-30 && right_first(one, -one, 1e-30) == 0);
  CHECK(cancel(big, HIDE(0.5)) == 0 && cancel(4.0, HIDE(0.5)) == 0.5);
  CHECK(factored(HIDE(1e300), 1e10, -1e10) == 0);
  double infinite = distribute(HIDE(1e300), 1e10, -1e10);
  CHECK(infinite != infinite);
  CHECK(divide(HIDE(5.0f), 3.0f) != by_reciprocal(HIDE(5.0f), 3.0f)
      || divide(HIDE(7.0f), 5.0f) != by_reciprocal(HIDE(7.0f), 5.0f)
        || divide(HIDE(9.0f), 41.0f) != by_reciprocal(HIDE(9.0f), 41.0f)
            || divide(HIDE(5.0f), 49.0f) != by_reciprocal(HIDE(5.0f), 49.0f));
  double items[9] = {1e16, 1, -1e16, 1, 1, 1, 1, 1, HIDE(1.0)};
  CHECK(sum_of(items, 9) == 6 && sum_in_four(items, 9) == 4);
  double x = HIDE(1.0 + 0x1p-30 + 0x1p-52);
  CHECK(power4(x) > 1 && power4_squares(x) > 1 && power4(HIDE(1e-100)) == 0
      && power4(HIDE(-3.0)) == 81);

  uint32_t v = HIDE(12345u), sum = 0;
  for (int i = 0; i < 50; i++, v = v * 1664525 + 1013904223) {
    CHECK_EQ(polynomial(v), horner(v));
    CHECK_EQ(common(v, v >> 3, ~v), ~v * v);
    CHECK_EQ(masks(v, v * 7), 0);
    sum += polynomial(v);
  }
  CHECK_EQ(signed_order(HIDE(INT_MAX), 10, 10), INT_MAX);
  CHECK_EQ(mixed_width(HIDE(INT_MAX), 1, INT_MAX), 2ll * INT_MAX + 1);

  float parts[1000];
  for (int i = 0; i < 1000; i++) parts[i] = HIDE(0.1f);
  float plain = 0;
  for (int i = 0; i < 1000; i++) plain += parts[i];
  CHECK(kahan(parts, 1000) == 100.0f && plain != 100.0f);
  double s, e;
  two_sum(big, HIDE(1.0), &s, &e);
  CHECK(s == 1e16 && e == 1.0);
  printf("%u %a %a\n", sum, (double)plain, power4(x));
  return verdict();
}
