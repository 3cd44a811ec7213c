// Aims at: folds that forget NaN, infinities and the sign of zero: x-x, x*0, x+0, 0-x, x==x, x/x.
#include "check.h"
#include <stdint.h>
#include <string.h>

static uint64_t bits(double d) { uint64_t u; memcpy(&u, &d, 8); return u; }
static int is_nan(double d) { return (bits(d) & 0x7fffffffffffffff) > 0x7ff0000000000000; }
static int is_negative_zero(double d) { return bits(d) == 0x8000000000000000; }
static int is_positive_zero(double d) { return bits(d) == 0; }

NOINLINE static double minus_self(double x) { return x - x; }
NOINLINE static double times_zero(double x) { return x * 0.0; }
NOINLINE static double plus_zero(double x) { return x + 0.0; }
NOINLINE static double minus_zero(double x) { return x - 0.0; }
NOINLINE static double zero_minus(double x) { return 0.0 - x; }
NOINLINE static double negate(double x) { return -x; }
NOINLINE static double over_self(double x) { return x / x; }
NOINLINE static double minus_negated(double a, double b) { return a - -b; }
NOINLINE static double negated_difference(double a, double b) { return -(a - b); }
NOINLINE static double select_zero(double x) { return x == 0.0 ? 0.0 : x; } // drops the sign
NOINLINE static double select_same(double x) { return x == 0.0 ? x : 1.0; }
NOINLINE static double smaller(double a, double b) { return a < b ? a : b; }
NOINLINE static double not_larger(double a, double b) { return !(a >= b) ? a : b; }
NOINLINE static double magnitude(double x) { return x < 0 ? -x : x; } // keeps -0.0 as it is
NOINLINE static double magnitude_builtin(double x) { return __builtin_fabs(x); }
NOINLINE static int self_equal(double x) { return x == x; }
NOINLINE static int self_different(double x) { return x != x; }
NOINLINE static double sign_product(double x) { return x * -1.0; }
NOINLINE static double doubled_half(double x) { return x * 2.0 * 0.5; }
NOINLINE static double square_minus(double x) { return (x + 1.0) * (x - 1.0) - (x * x - 1.0); }
NOINLINE static double loop_sum(double x, int n) { double s = -0.0; while (n--) s += x; return s; }

int main(void) {
  double zero = HIDE(0.0), minus = HIDE(-0.0), inf = HIDE(1e308) * 10, one = HIDE(1.0);
  double nan = inf - inf, huge = HIDE(1e308);
  CHECK(is_nan(nan) && inf > 1e308 && is_negative_zero(minus));

  CHECK(is_positive_zero(minus_self(one)) && is_nan(minus_self(inf)) && is_nan(minus_self(nan)));
  CHECK(is_positive_zero(times_zero(one)) && is_negative_zero(times_zero(-one)));
  CHECK(is_nan(times_zero(inf)) && is_negative_zero(times_zero(minus)));
  CHECK(is_positive_zero(plus_zero(minus)) && is_negative_zero(minus_zero(minus)));
  CHECK(is_positive_zero(zero_minus(zero)) && is_negative_zero(negate(zero)));
  CHECK(is_positive_zero(zero_minus(minus)) && is_positive_zero(negate(minus)));
  CHECK(over_self(huge) == 1.0 && is_nan(over_self(zero)) && is_nan(over_self(inf)));
  CHECK(is_negative_zero(minus_negated(minus, minus))
      && is_positive_zero(minus_negated(zero, minus)));
  CHECK(is_negative_zero(negated_difference(one, one)));
  CHECK(is_positive_zero(select_zero(minus)) && is_nan(select_zero(nan)));
  CHECK(is_negative_zero(select_same(minus)) && select_same(nan) == 1.0);
  CHECK(is_nan(smaller(one, nan)) && smaller(nan, one) == 1.0);
  CHECK(is_nan(not_larger(nan, one)) && not_larger(one, nan) == 1.0);
  CHECK(is_negative_zero(smaller(zero, minus)) && is_positive_zero(smaller(minus, zero)));
  CHECK(is_negative_zero(magnitude(minus)) && is_positive_zero(magnitude_builtin(minus)));
  CHECK(!self_equal(nan) && self_different(nan) && self_equal(inf) && !self_different(minus));
  CHECK(is_negative_zero(sign_product(zero)) && is_positive_zero(sign_product(minus)));
  CHECK(doubled_half(huge) == inf && doubled_half(HIDE(0x1p-1074)) == 0x1p-1074);
  CHECK(square_minus(HIDE(3.0)) == 0 && is_nan(square_minus(inf)));
  CHECK(is_negative_zero(loop_sum(minus, HIDE(3))) && is_negative_zero(loop_sum(one, HIDE(0))));
  CHECK(is_positive_zero(loop_sum(zero, HIDE(1))));
  CHECK(1.0 / minus == -inf && 1.0 / zero == inf && is_negative_zero(one / -inf));

  const double folded = 0.0; // the same, open to constant folding
  CHECK(is_negative_zero(-folded) && is_positive_zero(folded - folded) && is_nan(folded / folded));
  CHECK(is_negative_zero(folded * -1.0) && 1.0 / -folded < 0);
  printf("%g %g %g\n", minus, inf, smaller(nan, 2.0));
  return verdict();
}
