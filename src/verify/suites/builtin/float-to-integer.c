// Aims at: conversions between floating point and integers of every width, in range, at the edges.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static int32_t to_i32(double d) { return (int32_t)d; }
NOINLINE static uint32_t to_u32(double d) { return (uint32_t)d; }
NOINLINE static int64_t to_i64(double d) { return (int64_t)d; }
NOINLINE static uint64_t to_u64(double d) { return (uint64_t)d; }
NOINLINE static signed char to_i8(float f) { return (signed char)f; }
NOINLINE static uint16_t to_u16(float f) { return (uint16_t)f; }
NOINLINE static double from_u64(uint64_t v) { return (double)v; }
NOINLINE static float float_from_u64(uint64_t v) { return (float)v; }
NOINLINE static float float_from_i64(int64_t v) { return (float)v; }
NOINLINE static float float_from_u32(uint32_t v) { return (float)v; }
NOINLINE static double from_u8(uint8_t v) { return v * 0.5; }
NOINLINE static int64_t there_and_back(int64_t v) { return (int64_t)(double)v; } // not the identity
NOINLINE static int32_t back_exact(int32_t v) { return (int32_t)(double)v; }     // the identity
NOINLINE static int32_t through_float(int32_t v) { return (int32_t)(float)v; }   // not the identity
NOINLINE static int is_whole(double d) { return d == (double)(int64_t)d; }
NOINLINE static int float_counter(float until) {
  int n = 0;
  for (float f = 0; f < until; f += 0.25f) n++;
  return n;
}
NOINLINE static int saturated(double d) {
  return d >= 2147483647.0 ? INT_MAX : d <= -2147483648.0 ? INT_MIN : (int)d;
}
NOINLINE static int compare_converted(int64_t a, double b) { return (double)a < b; }
NOINLINE static int round_half_up(double d) { int n = (int)(d + 0.5); return n - (n > d + 0.5); }
NOINLINE static void scale_pixels(uint8_t *p, float by, int n) {
  for (int i = 0; i < n; i++) { float v = p[i] * by; p[i] = (uint8_t)(v > 255 ? 255 : v); }
}

int main(void) {
  CHECK(to_i32(HIDE(2147483647.9)) == INT_MAX && to_i32(HIDE(-2147483648.9)) == INT_MIN);
  CHECK(to_i32(HIDE(-0.99)) == 0 && to_i32(HIDE(-1.5)) == -1 && to_i32(HIDE(1.999)) == 1);
  CHECK(to_u32(HIDE(4294967295.5)) == UINT_MAX && to_u32(HIDE(2147483648.0)) == 0x80000000u);
  CHECK(to_u32(HIDE(-0.5)) == 0);
  CHECK(to_i64(HIDE(-0x1p63)) == INT64_MIN
      && to_i64(HIDE(0x1.fffffffffffffp62)) == INT64_MAX - 1023);
  CHECK(to_u64(HIDE(0x1p63)) == 1ull << 63
      && to_u64(HIDE(0x1.fffffffffffffp63)) == UINT64_MAX - 2047);
  CHECK(to_u64(HIDE(0x1.8p62)) == 3ull << 61 && to_u64(HIDE(0.75)) == 0);
  CHECK(to_i8(HIDE(-128.5f)) == -128 && to_i8(HIDE(127.9f)) == 127
      && to_u16(HIDE(65535.5f)) == 65535);

  CHECK(from_u64(HIDE(UINT64_MAX)) == 0x1p64 && from_u64(HIDE(1ull << 63)) == 0x1p63);
  CHECK(from_u64(HIDE(0x8000000000000400ull)) == 0x1p63); // ties to even
  CHECK(from_u64(HIDE(0x8000000000000401ull)) == 0x1p63 + 2048);
  CHECK(from_u64(HIDE(0x8000000000000c00ull)) == 0x1p63 + 4096);
  CHECK(float_from_u64(HIDE(0x8000008000000001ull)) == 0x1.000002p63f); // one rounding, not two
  CHECK(float_from_u64(HIDE(0x8000008000000000ull)) == 0x1p63f);
  CHECK(float_from_i64(HIDE(0x4000004000000001ll)) == 0x1.000002p62f);
  CHECK(float_from_i64(HIDE(-0x4000004000000001ll)) == -0x1.000002p62f);
  CHECK(float_from_u32(HIDE(0xffffff7fu)) == 0x1.fffffep31f
      && float_from_u32(HIDE(UINT_MAX)) == 0x1p32f);
  CHECK(from_u8(HIDE((uint8_t)255)) == 127.5);

  CHECK(there_and_back(HIDE((1ll << 53) + 1)) == 1ll << 53 && back_exact(HIDE(INT_MIN)) == INT_MIN);
  CHECK(back_exact(HIDE(INT_MAX)) == INT_MAX && through_float(HIDE(16777217)) == 16777216);
  CHECK(is_whole(HIDE(-3.0)) && !is_whole(HIDE(2.5)) && is_whole(HIDE(-0.0))
      && is_whole(HIDE(1e18)));
  CHECK(float_counter(HIDE(10.0f)) == 40 && float_counter(HIDE(0.1f)) == 1);
  CHECK(saturated(HIDE(1e10)) == INT_MAX && saturated(HIDE(-1e10)) == INT_MIN
      && saturated(HIDE(-7.9)) == -7);
  CHECK(!compare_converted(HIDE(INT64_MAX), 0x1p63)
      && compare_converted(HIDE(INT64_MAX - 1024), 0x1p63));
  CHECK(round_half_up(HIDE(-2.5)) == -2 && round_half_up(HIDE(2.5)) == 3
      && round_half_up(HIDE(-2.6)) == -3);

  long sum = 0;
  for (int i = -2000; i < 2000; i++) {
    double d = HIDE(i / 8.0);
    int wanted = i / 8; // both truncate toward zero
    CHECK(to_i32(d) == wanted && to_i64(d) == wanted && to_i32(d * 2) == i / 4);
    sum += round_half_up(d) * 3 + is_whole(d);
  }
  uint8_t pixels[32];
  for (int i = 0; i < 32; i++) pixels[i] = (uint8_t)(i * 8);
  scale_pixels(pixels, HIDE(1.5f), 32);
  for (int i = 0; i < 32; i++) CHECK_EQ(pixels[i], i * 12 > 255 ? 255 : i * 12);
  printf("%ld %d\n", sum, pixels[20]);
  return verdict();
}
