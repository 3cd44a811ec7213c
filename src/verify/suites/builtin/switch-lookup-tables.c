// Aims at: switches turned into lookup tables, arithmetic or bit maps: constants, floats.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static int linear(int x) {
  switch (x) { case 0: return 5; case 1: return 8; case 2: return 11; case 3: return 14;
      case 4: return 17; default: return 0; }
}
NOINLINE static int nearly_linear(int x) {
  switch (x) { case 0: return 5; case 1: return 8; case 2: return 11; case 3: return 14;
      case 4: return 18; default: return 20; }
}
NOINLINE static int8_t bitmap(unsigned x) {
  switch (x) { case 0: case 3: case 4: case 7: return 1; case 1: case 2: case 5: case 6: return -1;
      default: return 0; }
}
NOINLINE static double real(int x) {
  switch (x) { case 1: return 0.5; case 2: return -0.0; case 3: return 1e300;
      case 4: return 0x1p-1074; default: return 2; }
}
NOINLINE static const char *name(int x) {
  switch (x) { case 10: return "ten"; case 11: return "eleven"; case 12: return "";
      case 14: return "fourteen"; default: return "many"; }
}
NOINLINE static int64_t wide(int x) {
  switch (x) { case 0: return 1; case 1: return -1; case 2: return INT64_MAX;
      case 3: return INT64_MIN; case 4: return 1ll << 32; }
  return 7;
}
NOINLINE static uint8_t bytes(uint8_t x) {
  switch (x) { case 250: return 9; case 251: return 200; case 252: return 0; case 253: return 255;
      case 254: return 128; case 255: return 1; }
  return 77;
}

static int globals[3];
NOINLINE static int *slot(int x) {
  switch (x) { case 0: return &globals[2]; case 1: return &globals[0]; case 2: return &globals[1];
      case 3: return 0; }
  return globals;
}

NOINLINE static int two_results(int x, int *second) { // two tables by one index
  int a, b;
  switch (x) {
  case 3: a = 1; b = 60; break;
  case 4: a = 4; b = 50; break;
  case 5: a = 9; b = 50; break;
  case 6: a = 16; b = 30; break;
  case 7: a = 25; b = 20; break;
  default: a = -1; b = x; // not constant
  }
  *second = b;
  return a;
}
NOINLINE static int partly_computed(int x, int y) {
  switch (x) {
  case 0: return 3;
  case 1: return 1;
  case 2: return y;
  case 3: return 4;
  case 4: return 1;
  case 5: return y * 2;
  }
  return 5;
}
NOINLINE static int through_phi(const uint8_t *p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    int w;
    switch (p[i] & 7) { case 0: w = 10; break; case 1: w = 20; break; case 2: w = 30; break;
        case 5: w = 31; break; default: w = -1; }
    if (w < 0) continue;
    sum = sum * 2 % 65521 + w;
  }
  return sum;
}
enum month { JAN = 1, FEB, MAR, APR, MAY, JUN, JUL, AUG, SEP, OCT, NOV, DEC };
NOINLINE static int days(enum month m, int year) {
  switch (m) {
  case FEB: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  case APR: case JUN: case SEP: case NOV: return 30;
  default: return 31;
  }
}

int main(void) {
  for (int x = -2; x < 8; x++) {
    int h = HIDE(x);
    CHECK_EQ(linear(h), x >= 0 && x < 5 ? 5 + 3 * x : 0);
    CHECK_EQ(nearly_linear(h), x < 0 || x > 4 ? 20 : x == 4 ? 18 : 5 + 3 * x);
    int ones = (x & 1) + (x >> 1 & 1) + (x >> 2 & 1);
    CHECK_EQ(bitmap((unsigned)h), x < 0 ? 0 : (x + (x >> 1)) % 2 == 0 ? 1 : -1);
    CHECK(ones >= 0 && partly_computed(h, 40) == (x == 0 ? 3 : x == 1 || x == 4 ? 1 : x == 2 ? 40
        : x == 3 ? 4 : x == 5 ? 80 : 5));
  }
  CHECK(real(HIDE(1)) == 0.5 && 1 / real(HIDE(2)) < -1e300 && real(HIDE(3)) == 1e300);
  CHECK(real(HIDE(4)) == 0x1p-1074 && real(HIDE(0)) == 2 && real(HIDE(5)) == 2);
  const char *names[] = {"many", "ten", "eleven", "", "many", "fourteen", "many"};
  for (int i = 0; i < 7; i++) CHECK(strcmp(name(HIDE(i + 9)), names[i]) == 0);
  CHECK(wide(HIDE(1)) == -1 && wide(HIDE(2)) == INT64_MAX && wide(HIDE(3)) == INT64_MIN
      && wide(HIDE(4)) == 1ll << 32 && wide(HIDE(5)) == 7);
  int sum = 0;
  for (int x = 245; x < 260; x++) sum = sum * 3 % 10007 + bytes(HIDE((uint8_t)x));
  CHECK(bytes(HIDE((uint8_t)249)) == 77 && bytes(HIDE((uint8_t)0)) == 77
      && bytes(HIDE((uint8_t)253)) == 255);
  for (int i = 0; i < 3; i++) *slot(HIDE(i)) = i + 1;
  CHECK(globals[2] == 1 && globals[0] == 2 && globals[1] == 3 && slot(HIDE(3)) == 0
      && slot(HIDE(9)) == globals);
  const int seconds[] = {60, 50, 50, 30, 20};
  for (int x = 0; x < 10; x++) {
    int b, a = two_results(HIDE(x), &b), in = x >= 3 && x <= 7;
    CHECK_EQ(a, in ? (x - 2) * (x - 2) : -1);
    CHECK_EQ(b, in ? seconds[x - 3] : x);
  }
  uint8_t data[40];
  int model = 0;
  for (int i = 0; i < 40; i++) data[i] = (uint8_t)(i * 11 + 3);
  for (volatile int i = 0; i < 40; i++) {
    int k = data[i] % 8;
    if (k < 3 || k == 5) model = model * 2 % 65521 + (k == 5 ? 31 : 10 * k + 10);
  }
  CHECK_EQ(through_phi(data, HIDE(40)), model);
  int year_days = 0;
  for (int m = JAN; m <= DEC; m++) year_days += days((enum month)HIDE(m), 2024) +
      1000 * days((enum month)HIDE(m), 1900);
  CHECK_EQ(year_days, 366 + 365000);
  printf("%d %d\n", sum, model);
  return verdict();
}
