// Aims at: _Complex arithmetic, passing and returning.
#include "check.h"
#include <complex.h>
#include <math.h>

typedef double complex dc;
typedef float complex fc;

NOINLINE static dc make(double re, double im) { dc z; __real__ z = re; __imag__ z = im; return z; }
NOINLINE static dc multiply(dc a, dc b) { return a * b; }
NOINLINE static dc divide(dc a, dc b) { return a / b; }
NOINLINE static fc single(fc a, fc b) { return a * b + b; }
NOINLINE static dc scale(dc a, double k) { return a * k; }
NOINLINE static dc power(dc z, int n) { dc r = 1; while (n--) r *= z; return r; }
NOINLINE static dc evaluate(const dc *c, int n, dc z) {
  dc r = 0;
  while (n--) r = r * z + c[n];
  return r;
}
NOINLINE static int equal(dc a, dc b) { return a == b; }
NOINLINE static int escape(dc c) { // the Mandelbrot set
  dc z = 0;
  for (int i = 0; i < 40; i++) {
    z = z * z + c;
    if (creal(z) * creal(z) + cimag(z) * cimag(z) > 4) return i;
  }
  return 40;
}
struct wave { dc part[3]; fc last; };
NOINLINE static struct wave turn(struct wave w, dc by) {
  for (int i = 0; i < 3; i++) w.part[i] *= by;
  w.last = conjf(w.last);
  return w;
}
NOINLINE static void transform(dc *x, int n) { // radix-2, roots of unity of order 4 are exact
  if (n == 1) return;
  dc even[4], odd[4];
  for (int i = 0; i < n / 2; i++) even[i] = x[2 * i], odd[i] = x[2 * i + 1];
  transform(even, n / 2);
  transform(odd, n / 2);
  for (int i = 0; i < n / 2; i++) {
    dc root = n == 4 && i == 1 ? make(0, -1) : 1;
    x[i] = even[i] + root * odd[i];
    x[i + n / 2] = even[i] - root * odd[i];
  }
}

int main(void) {
  dc a = make(HIDE(3.0), 4.0), b = make(1.0, HIDE(-2.0));
  CHECK(equal(multiply(a, b), make(11, -2)) && equal(divide(a, b), make(-1, 2)));
  CHECK(equal(scale(a, HIDE(0.5)), make(1.5, 2)) && !equal(a, conj(a)));
  CHECK(cabs(a) == 5.0 && creal(a) == 3 && cimag(conj(a)) == -4);
  fc s = single((fc)a, (fc)b);
  CHECK(crealf(s) == 12 && cimagf(s) == -4);
  CHECK(equal(power(make(HIDE(1.0), 1.0), 16), 256)
      && equal(power(make(0, HIDE(1.0)), 7), make(0, -1)));
  const dc c[] = {make(1, 1), make(0, -1), 2};
  CHECK(equal(evaluate(c, 3, make(HIDE(1.0), 1.0)), make(2, 4)));

  dc infinite = multiply(make(HIDE(INFINITY), NAN), make(2, HIDE(1.0)));
  CHECK(isinf(creal(infinite)) || isinf(cimag(infinite))); // Annex G
  CHECK(equal(divide(make(HIDE(1.0), 1), make(INFINITY, 0)), 0));
  dc minus = -make(HIDE(0.0), 1);
  CHECK(signbit(creal(minus)) && cimag(minus) == -1);

  int checksum = 0, rows = 0;
  for (int y = -4; y <= 4; y++)
    for (int x = -8; x <= 4; x++) {
      int n = escape(make(x / 4.0, y / 4.0));
      CHECK_EQ(n, escape(make(x / 4.0, -y / 4.0))); // symmetric
      checksum = checksum * 7 % 99991 + n;
      rows += n == 40;
    }
  struct wave w = {{a, b, 1}, 2.0f};
  __imag__ w.last = HIDE(1.5f);
  struct wave t = turn(w, make(0, HIDE(1.0)));
  CHECK(equal(t.part[0], make(-4, 3)) && equal(t.part[1], make(2, 1)) && cimagf(t.last) == -1.5f);
  CHECK(cimagf(w.last) == 1.5f && equal(w.part[0], a));
  dc x[4] = {1, 2, HIDE(3.0), 4};
  transform(x, 4);
  CHECK(equal(x[0], 10) && equal(x[1], make(-2, 2)) && equal(x[2], -2)
      && equal(x[3], make(-2, -2)));
  printf("%d %d\n", checksum, rows);
  return verdict();
}
