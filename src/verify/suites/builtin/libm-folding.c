// Aims at: math library calls with exact results: folded at compile time and computed at run time alike.
#include "check.h"
#include <math.h>

static int same(double a, double b) { return a == b ? signbit(a) == signbit(b) : a != a && b != b; }

// The first argument constant, then hidden; both must give the wanted value, the sign of zero included.
#define BOTH1(f, x, wanted) CHECK(same(f(x), wanted) && same(f(HIDE((double)(x))), wanted))
#define BOTH2(f, x, y, wanted) \
  CHECK(same(f(x, y), wanted) && same(f(HIDE((double)(x)), HIDE((double)(y))), wanted))

NOINLINE static double square_by_pow(double x) { return pow(x, 2.0); }
NOINLINE static double root_of_square(double x) { return sqrt(x * x); } // |x|, also for negatives
NOINLINE static double power_of_two(int n) { return ldexp(1.0, n); }
NOINLINE static float narrowed_floor(float x) { return (float)floor((double)x); }
NOINLINE static double fold_round_trip(double x) {
  int e;
  double m = frexp(x, &e);
  return ldexp(m, e);
}
NOINLINE static double parts(double x) {
  double whole, f = modf(x, &whole);
  return whole * 1000 + f;
}
NOINLINE static int classify(double x) {
  return isnan(x) ? 0 : isinf(x) ? 1 : x == 0 ? 2 : isnormal(x) ? 3 : 4;
}

int main(void) {
  double inf = HIDE(INFINITY), nan = HIDE(NAN);
  BOTH1(floor, -0.5, -1.0); BOTH1(floor, -0.0, -0.0); BOTH1(floor, 2.999, 2.0);
  BOTH1(floor, 0x1p60, 0x1p60);
  BOTH1(ceil, -0.5, -0.0); BOTH1(ceil, 0.1, 1.0); BOTH1(ceil, -2.999, -2.0);
  BOTH1(trunc, -0.9, -0.0); BOTH1(trunc, 1e15 + 0.5, 1e15);
  BOTH1(round, 0.5, 1.0); BOTH1(round, -2.5, -3.0); BOTH1(round, 0.49999999999999994, 0.0);
  BOTH1(round, -0.2, -0.0);
  BOTH1(rint, 0.5, 0.0); BOTH1(rint, 1.5, 2.0); BOTH1(rint, -2.5, -2.0); BOTH1(nearbyint, 3.5, 4.0);
  BOTH1(fabs, -0.0, 0.0); BOTH1(fabs, -INFINITY, INFINITY); BOTH1(fabs, NAN, NAN);
  BOTH1(sqrt, 2.25, 1.5); BOTH1(sqrt, -0.0, -0.0); BOTH1(sqrt, 0x1p-1074, 0x1p-537);
  BOTH1(sqrt, INFINITY, INFINITY);
  BOTH1(exp2, 10.0, 1024.0); BOTH1(exp, 0.0, 1.0); BOTH1(log, 1.0, 0.0); BOTH1(log2, 8.0, 3.0);
  BOTH1(sin, -0.0, -0.0); BOTH1(cos, 0.0, 1.0); BOTH1(tan, 0.0, 0.0); BOTH1(atan, -0.0, -0.0);
  BOTH2(copysign, 3.0, -0.0, -3.0); BOTH2(copysign, -0.0, 1.0, 0.0);
  BOTH2(fmod, -7.5, 2.0, -1.5); BOTH2(fmod, 7.5, -2.0, 1.5); BOTH2(fmod, -4.0, 2.0, -0.0);
  BOTH2(fmod, 5.0, INFINITY, 5.0);
  BOTH2(remainder, 5.0, 2.0, 1.0); BOTH2(remainder, 7.0, 2.0, -1.0);
  BOTH2(fmin, NAN, 2.0, 2.0); BOTH2(fmax, -1.0, NAN, -1.0); BOTH2(fmin, -3.0, 2.0, -3.0);
  BOTH2(pow, 2.0, 10.0, 1024.0); BOTH2(pow, -2.0, 3.0, -8.0); BOTH2(pow, NAN, 0.0, 1.0);
  BOTH2(pow, 1.0, NAN, 1.0);
  BOTH2(pow, -INFINITY, 0.5, INFINITY); BOTH2(pow, -0.0, 0.5, 0.0); BOTH2(pow, 4.0, -0.5, 0.5);
  BOTH2(hypot, 3.0, 4.0, 5.0); BOTH2(atan2, -0.0, 1.0, -0.0); BOTH2(fdim, 5.0, 7.0, 0.0);
  BOTH2(nextafter, 1.0, 2.0, 1.0 + 0x1p-52); BOTH2(nextafter, 0.0, -1.0, -0x1p-1074);
  CHECK(sqrt(HIDE(-1.0)) != 0.0 && isnan(sqrt(HIDE(-1.0))) && isnan(fmod(inf, 2.0)));
  CHECK(fma(HIDE(0x1p27 + 1), 0x1p27 - 1, -0x1p54) == -1.0); // one rounding
  CHECK(same(fma(HIDE(0.0), -1.0, 0.0), 0.0));

  CHECK(square_by_pow(HIDE(-1.5)) == 2.25 && root_of_square(HIDE(-1.5)) == 1.5);
  CHECK(isinf(root_of_square(HIDE(1e200))) && root_of_square(HIDE(-0.0)) == 0);
  CHECK(power_of_two(HIDE(-1074)) == 0x1p-1074 && power_of_two(HIDE(-1080)) == 0
      && isinf(power_of_two(HIDE(1024))));
  CHECK(narrowed_floor(HIDE(-1.25f)) == -2.0f);
  CHECK(fold_round_trip(HIDE(0x1.8p-1070)) == 0x1.8p-1070 && parts(HIDE(-3.25)) == -3000.25);
  CHECK(classify(nan) == 0 && classify(-inf) == 1 && classify(HIDE(-0.0)) == 2);
  CHECK(classify(HIDE(0x1p-1022)) == 3 && classify(HIDE(0x1p-1023)) == 4);
  CHECK(lround(HIDE(-2.5)) == -3 && lrint(HIDE(2.5)) == 2 && ilogb(HIDE(0x1p-1074)) == -1074);
  printf("%g %g %g\n", floor(HIDE(-7.25)), pow(HIDE(2.0), 0.0), fmod(HIDE(10.0), 3.0));
  return verdict();
}
