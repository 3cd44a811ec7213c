// Aims at: subnormal floats and doubles: gradual underflow, rounding at the edge, scaling.
#include "check.h"
#include <float.h>
#include <stdint.h>
#include <string.h>

static uint32_t bits32(float f) { uint32_t u; memcpy(&u, &f, 4); return u; }
static uint64_t bits64(double d) { uint64_t u; memcpy(&u, &d, 8); return u; }
static float from32(uint32_t u) { float f; memcpy(&f, &u, 4); return f; }

NOINLINE static float halve(float x, int times) { while (times--) x *= 0.5f; return x; }
NOINLINE static double halve_wide(double x, int times) { while (times--) x /= 2; return x; }
NOINLINE static int difference_zero(float a, float b) { return a - b == 0.0f; } // same as a == b
NOINLINE static int product_zero(float a, float b) { return a * b == 0.0f; }
NOINLINE static float scale(float x) { return x * 0x1p-100f * 0x1p100f; } // may not become x
NOINLINE static float divide_by_power(float x) { return x / 0x1p126f; }
// Its reciprocal is subnormal.
NOINLINE static float divide_by_large(float x) { return x / 0x1p127f; }
NOINLINE static float narrow(double x) { return (float)x; }
NOINLINE static double widen(float x) { return (double)x * 1.0; }
NOINLINE static int exponent(double x) {
  int e = 0;
  while (x < 1) x *= 2, e--;
  while (x >= 2) x /= 2, e++;
  return e;
}
NOINLINE static float sum(const float *p, int n) {
  float s = 0;
  for (int i = 0; i < n; i++) s += p[i];
  return s;
}

int main(void) {
  float smallest = HIDE(0x1p-149f);
  CHECK_EQ(bits32(smallest), 1);
  CHECK_EQ(bits32(halve(HIDE(1.0f), 149)), 1);
  CHECK_EQ(bits32(halve(HIDE(1.0f), 150)), 0); // ties to even: to zero
  CHECK_EQ(bits32(halve(HIDE(1.5f), 149)), 2); // 1.5 ulp to even: up
  CHECK_EQ(bits32(halve(HIDE(-3.0f), 150)), 0x80000002u);
  CHECK_EQ(bits64(halve_wide(HIDE(1.0), 1074)), 1);
  CHECK_EQ(bits64(halve_wide(HIDE(1.0), 1075)), 0);
  CHECK_EQ(bits64(halve_wide(HIDE(-1.0), 1080)), 1ull << 63);

  CHECK(!difference_zero(HIDE(FLT_MIN), 1.5f * FLT_MIN) && difference_zero(smallest, 0x1p-149f));
  CHECK(product_zero(smallest, 0.5f) && !product_zero(smallest, 0.75f)
      && !product_zero(smallest, 1));
  CHECK(scale(HIDE(1.0f)) == 1.0f && scale(HIDE(0x1p-40f)) == 0x1p-40f);
  CHECK(scale(HIDE(0x1.234p-45f)) != 0x1.234p-45f && scale(HIDE(0x1p-60f)) == 0.0f);
  CHECK_EQ(bits32(divide_by_power(HIDE(1.0f))), 0x00800000);
  CHECK_EQ(bits32(divide_by_power(HIDE(0.75f))), 0x00600000);
  CHECK_EQ(bits32(divide_by_large(HIDE(1.0f))), 0x00400000);
  CHECK_EQ(bits32(divide_by_large(HIDE(0x1.000002p0f))), 0x00400000);

  CHECK_EQ(bits32(narrow(HIDE(0x1.8p-149))), 2);
  CHECK_EQ(bits32(narrow(HIDE(0x1.7ffffffffffffp-149))), 1);
  CHECK_EQ(bits32(narrow(HIDE(0x1p-150))), 0);
  CHECK_EQ(bits32(narrow(HIDE(0x1.0000000000001p-150))), 1);
  CHECK_EQ(bits32(narrow(HIDE(0x1.ffffffp-127))), 0x00800000); // rounds up into the normal range
  CHECK(widen(smallest) == 0x1p-149 && exponent(widen(smallest)) == -149);
  CHECK_EQ(exponent(HIDE(0x1p-1074)), -1074);

  float parts[64];
  for (uint32_t i = 0; i < 64; i++) parts[i] = from32(i * 3);
  CHECK_EQ(bits32(sum(parts, 64)), 63 * 64 / 2 * 3); // exact: integers in units of the last place
  CHECK_EQ(bits32(FLT_MIN - 0x1p-149f), 0x007fffff);
  CHECK(0x1p-149f / 2 == 0 && HIDE(0x1p-149f) / 2 == 0);
  CHECK(FLT_MIN * FLT_EPSILON == 0x1p-149f);
  printf("%a %a %x\n", widen(smallest), (double)sum(parts, 64), bits32(halve(1.5f, 149)));
  return verdict();
}
