// Aims at: long double in arguments, structs, arrays, varargs and conversions.
#include "check.h"
#include <math.h>
#include <stdarg.h>
#include <stdint.h>

struct holder { char tag; long double value; int after; };

NOINLINE static long double add(long double a, long double b) { return a + b; }
NOINLINE static long double many(int a, long double x, double b, long double y, char c,
    long double z) {
  return x * a + y * (long double)b - z * c;
}
NOINLINE static struct holder wrap(long double v) { return (struct holder){'h', v, 9}; }
NOINLINE static long double unwrap(struct holder h) { h.value += h.after; return h.value; }
NOINLINE static long double sum_of(int n, ...) {
  va_list list;
  long double sum = 0;
  va_start(list, n);
  for (int i = 0; i < n; i++) sum += i % 2 ? va_arg(list, long double)
      : (long double)va_arg(list, int);
  va_end(list);
  return sum;
}
NOINLINE static int64_t to_integer(long double v) { return (int64_t)v; }
NOINLINE static uint64_t to_unsigned(long double v) { return (uint64_t)v; }
NOINLINE static double narrow(long double v) { return (double)v; }
NOINLINE static long double factorial(int n) { return n ? n * factorial(n - 1) : 1.0L; }
NOINLINE static int order(long double a, long double b) {
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
}
NOINLINE static long double horner(const long double *p, int n, long double x) {
  long double r = 0;
  while (n--) r = r * x + p[n];
  return r;
}
NOINLINE static void swap(long double *a, long double *b) { long double t = *a; *a = *b; *b = t; }
NOINLINE static long double root(long double x) { // Newton, more than double precision
  long double r = x;
  for (int i = 0; i < 60; i++) r = (r + x / r) / 2;
  return r;
}

int main(void) {
  long double one = HIDE(1.0L), tiny = HIDE(0x1p-60L);
  CHECK(add(one, tiny) != one && add(add(one, tiny), -one) == tiny); // lost in double
  CHECK((double)add(one, tiny) == 1.0);
  CHECK(many(2, HIDE(0.5L), 3.0, 1.25L, 4, 0.125L) == 4.25L);
  struct holder h = wrap(HIDE(2.5L));
  CHECK(unwrap(h) == 11.5L && h.value == 2.5L && h.tag == 'h' && h.after == 9);
  CHECK(sum_of(4, 1, 2.5L, 3, 0x1p-50L) == 6.5L + 0x1p-50L);
  CHECK(sum_of(8, 1, one, 1, one, 1, one, 1, one) == 8);

  CHECK_EQ(to_integer(HIDE(9223372036854775807.0L)), INT64_MAX); // all 63 bits
  CHECK_EQ(to_integer(HIDE(-9223372036854775807.5L)), -INT64_MAX);
  CHECK_EQ(to_unsigned(HIDE(18446744073709551615.0L)), UINT64_MAX);
  uint64_t wide = HIDE(0xfedcba9876543211ull);
  CHECK_EQ(to_unsigned((long double)wide), wide);
  CHECK_EQ(to_integer((long double)(int64_t)wide), (int64_t)wide);
  CHECK(narrow(HIDE(0x1.00000000000008p0L)) == 1.0
      && narrow(HIDE(0x1.00000000000018p0L)) == 0x1.0000000000002p0);
  CHECK(narrow(HIDE(0x1p2000L)) > 1e308 && narrow(HIDE(0x1p-2000L)) == 0
      && HIDE(0x1p2000L) * 0x1p-2000L == 1);

  CHECK_EQ(to_integer(factorial(HIDE(20))), 2432902008176640000);
  CHECK(factorial(25) / factorial(HIDE(24)) == 25);
  long double nan = HIDE(0.0L) / HIDE(0.0L);
  CHECK(order(nan, 1) == 2 && order(HIDE(-0.0L), 0) == 0 && order(-1, HIDE(1.0L)) == -1);
  CHECK(fabsl(HIDE(-3.5L)) == 3.5L && floorl(HIDE(-2.5L)) == -3 && copysignl(2, HIDE(-0.0L)) == -2);
  const long double p[] = {1, -2, HIDE(3.0L)};
  CHECK(horner(p, 3, HIDE(4.0L)) == 41);
  long double list[3] = {1, 2, 3};
  swap(&list[0], &list[2]);
  CHECK(list[0] == 3 && list[1] == 2 && list[2] == 1);
  long double r = root(HIDE(2.0L));
  CHECK(fabsl(r * r - 2) < 0x1p-60L && r != (long double)(double)r);
  printf("%.15Lf %lld\n", r, (long long)to_integer(factorial(18)));
  return verdict();
}
