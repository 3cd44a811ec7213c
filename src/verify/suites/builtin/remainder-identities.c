// Aims at: signed remainder and division by powers of two, floor and modulo idioms.
#include "check.h"
#include <limits.h>

NOINLINE static int half(int x) { return x / 2; }
NOINLINE static int eighth(int x) { return x / 8; }
NOINLINE static int minus_sixteenth(int x) { return x / -16; }
NOINLINE static int low4(int x) { return x % 16; }
NOINLINE static int is_odd(int x) { return x % 2 == 1; } // false for negative odd numbers
NOINLINE static int is_not_even(int x) { return x % 2 != 0; }
NOINLINE static int by_largest(int x) { return x / (INT_MIN); }
NOINLINE static int rest_largest(int x) { return x % INT_MIN; }
NOINLINE static int floor_div(int x, int y) {
  int q = x / y;
  return q - (x % y != 0 && (x < 0) != (y < 0));
}
NOINLINE static int wrap(int x, int n) { int r = x % n; return r < 0 ? r + n : r; }
NOINLINE static int align_up(int x) { return (x + 7) / 8 * 8; }
NOINLINE static int ceil_div(unsigned x, unsigned y) { return (int)((x + y - 1) / y); }
NOINLINE static int nested(int x) { return x / 3 / 5 / 7; }
// Not x * 3 / 2 when it could overflow, but here the same.
NOINLINE static int scaled(int x) { return x * 6 / 4; }
NOINLINE static int back_and_forth(int x) { return x / 10 * 10 + x % 10; }
NOINLINE static unsigned mod_twice(unsigned x) { return x % 12 % 5; }
NOINLINE static int digits(int x) { int sum = 0; do sum += x % 10; while (x /= 10); return sum; }
NOINLINE static int both(int x, int y, int *rest) { *rest = x % y; return x / y; }
NOINLINE static int clock_steps(int hour, int step, int n) {
  for (int i = 0; i < n; i++) hour = (hour + step) % 24;
  return hour;
}

static int reference(int x, int y) { // truncating division by repeated subtraction of doublings
  unsigned a = x < 0 ? 0u - (unsigned)x : (unsigned)x, b = y < 0 ? 0u - (unsigned)y : (unsigned)y,
      q = 0;
  for (volatile int bit = 31; bit >= 0; bit--)
    if (a >> bit >= b) a -= b << bit, q += 1u << bit;
  return (int)((x < 0) != (y < 0) ? 0u - q : q);
}

int main(void) {
  static const int samples[] = {0, 1, -1, 2, -2, 7, -7, 8, -8, 9, 15, -15, 16, -16, 17, -17, 104,
      -105,
                                12345, -54321, INT_MAX - 7, INT_MIN + 1, INT_MIN};
  long sum = 0;
  for (unsigned i = 0; i < sizeof samples / sizeof *samples; i++) {
    int x = HIDE(samples[i]), rest;
    CHECK_EQ(half(x), reference(x, 2));
    CHECK_EQ(eighth(x), reference(x, 8));
    CHECK_EQ(minus_sixteenth(x), reference(x, -16));
    CHECK_EQ(low4(x), x - 16 * reference(x, 16));
    CHECK_EQ(is_odd(x), x > 0 && (x & 1));
    CHECK_EQ(is_not_even(x), x & 1);
    CHECK_EQ(by_largest(x), x == INT_MIN);
    CHECK_EQ(rest_largest(x), x == INT_MIN ? 0 : x);
    CHECK_EQ(nested(x), reference(x, 105));
    CHECK_EQ(back_and_forth(x), x);
    CHECK_EQ(both(x, HIDE(13), &rest), reference(x, 13));
    CHECK_EQ(rest, x - 13 * reference(x, 13));
    CHECK_EQ(wrap(x, 7), ((x % 7) + 7) % 7);
    for (int y = -9; y <= 9; y++) {
      if (y == 0 || (y == -1 && x == INT_MIN)) continue;
      long long low = (long long)floor_div(x, y) * y;
      CHECK(y > 0 ? low <= x && x < low + y : low >= x && x > low + y);
    }
    sum = sum * 7 % 1000003 + rest;
  }
  for (int x = -40; x <= 40; x++) {
    CHECK_EQ(scaled(HIDE(x)), reference(x * 3, 2));
    if (x > -8) CHECK_EQ(align_up(HIDE(x)), x > 0 ? (x + 7) & ~7 : 0);
    if (x > 0) CHECK_EQ(ceil_div((unsigned)x, 9), reference(x, 9) + (x % 9 != 0));
  }
  CHECK(mod_twice(HIDE(23u)) == 1 && mod_twice(HIDE(11u)) == 1
      && mod_twice(HIDE(4294967295u)) == 3);
  CHECK(digits(HIDE(98765)) == 35 && digits(HIDE(-98765)) == -35 && digits(HIDE(INT_MIN)) == -47);
  CHECK_EQ(clock_steps(HIDE(23), 7, 100), (23 + 700) % 24);
  CHECK_EQ(clock_steps(HIDE(1), -5, 3), -14);
  printf("%ld\n", sum);
  return verdict();
}
