// Aims at: hand-written saturation, distances, clamps and min/max chains, seen as intrinsics.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static uint8_t add_u8(uint8_t a, uint8_t b) {
  unsigned s = a + b;
  return s > 255 ? 255 : (uint8_t)s;
}
NOINLINE static uint8_t sub_u8(uint8_t a, uint8_t b) { return a > b ? (uint8_t)(a - b) : 0; }
NOINLINE static uint32_t add_u32(uint32_t a, uint32_t b) { return a + b < a ? UINT32_MAX : a + b; }
NOINLINE static uint32_t add_u32_by_limit(uint32_t a, uint32_t b) {
  return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}
NOINLINE static int8_t add_s8(int8_t a, int8_t b) {
  int s = a + b;
  return (int8_t)(s > 127 ? 127 : s < -128 ? -128 : s);
}
NOINLINE static int32_t add_s32(int32_t a, int32_t b) {
  int32_t sum = (int32_t)((uint32_t)a + (uint32_t)b);
  if (((a ^ sum) & (b ^ sum)) < 0) return a < 0 ? INT32_MIN : INT32_MAX;
  return sum;
}
NOINLINE static int32_t sub_s32(int32_t a, int32_t b) {
  if (b > 0 ? a < INT32_MIN + b : a > INT32_MAX + b) return b > 0 ? INT32_MIN : INT32_MAX;
  return a - b;
}
NOINLINE static int clamp(int x, int low, int high) { return x < low ? low : x > high ? high : x; }
// Low bound above the high one.
NOINLINE static int odd_clamp(int x) { return x < 10 ? 20 : x > 15 ? 15 : x; }
NOINLINE static unsigned distance(unsigned a, unsigned b) { return a > b ? a - b : b - a; }
NOINLINE static uint32_t signed_distance(int a, int b) {
  return a > b ? (uint32_t)a - (uint32_t)b : (uint32_t)b - (uint32_t)a;
}
NOINLINE static int median(int a, int b, int c) {
  int low = a < b ? a : b, high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}
NOINLINE static int nearly_max(int a, int b) { return a > b ? a : b + 1; }
NOINLINE static int min_max_sum(const int *p, int n) {
  int low = INT_MAX, high = INT_MIN, first_low = -1;
  for (int i = 0; i < n; i++) {
    if (p[i] < low) low = p[i], first_low = i;
    high = p[i] >= high ? p[i] : high;
  }
  return (high - low) * 100 + first_low;
}
NOINLINE static void blend(uint8_t *to, const uint8_t *from, int n) {
  for (int i = 0; i < n; i++) to[i] = add_u8(to[i], (uint8_t)(from[i] - sub_u8(from[i], 100)));
}

int main(void) {
  static const int32_t samples[] =
      {0, 1, -1, 100, -100, 127, -128, INT32_MAX, INT32_MIN, INT32_MAX - 1, INT32_MIN + 1};
  enum { COUNT = sizeof samples / sizeof *samples };
  long long sum = 0;
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < COUNT; j++) {
      int64_t a = HIDE(samples[i]), b = HIDE(samples[j]), plus = a + b, minus = a - b;
      CHECK_EQ(add_s32((int)a, (int)b), plus > INT32_MAX ? INT32_MAX : plus < INT32_MIN ? INT32_MIN
          : (int)plus);
      CHECK_EQ(sub_s32((int)a, (int)b), minus > INT32_MAX ? INT32_MAX : minus < INT32_MIN
          ? INT32_MIN : (int)minus);
      uint64_t unsigned_sum = (uint64_t)(uint32_t)a + (uint32_t)b;
      uint32_t wanted = unsigned_sum > UINT32_MAX ? UINT32_MAX : (uint32_t)unsigned_sum;
      CHECK_EQ(add_u32((uint32_t)a, (uint32_t)b), wanted);
      CHECK_EQ(add_u32_by_limit((uint32_t)a, (uint32_t)b), wanted);
      CHECK_EQ(signed_distance((int)a, (int)b), minus < 0 ? -minus : minus);
      CHECK_EQ(median((int)a, 5, (int)b), (a > 5) == (b > 5)
          ? (a > 5 ? (a < b ? a : b) : (a > b ? a : b)) : 5);
      CHECK_EQ(nearly_max((int)a, (int)(b / 2)), a > b / 2 ? a : b / 2 + 1);
      sum += add_s32((int)a, (int)b) % 1000 + (long long)wanted % 77;
    }
  for (int a = 0; a < 256; a += 5)
    for (int b = 0; b < 256; b += 3) {
      CHECK_EQ(add_u8((uint8_t)a, (uint8_t)b), a + b > 255 ? 255 : a + b);
      CHECK_EQ(sub_u8((uint8_t)a, (uint8_t)b), a < b ? 0 : a - b);
      CHECK_EQ(add_s8((int8_t)(a - 128), (int8_t)(b - 128)), clamp(a + b - 256, -128, 127));
      CHECK_EQ(distance((unsigned)a, (unsigned)b), a < b ? b - a : a - b);
    }
  CHECK(odd_clamp(HIDE(5)) == 20 && odd_clamp(HIDE(12)) == 12 && odd_clamp(HIDE(90)) == 15);
  int list[] = {5, 3, 9, 3, HIDE(9), 4};
  CHECK_EQ(min_max_sum(list, 6), 601);
  uint8_t to[20], from[20];
  for (int i = 0; i < 20; i++) to[i] = (uint8_t)(i * 13), from[i] = (uint8_t)(i * 12);
  blend(to, from, HIDE(20));
  for (int i = 0; i < 20; i++) CHECK_EQ(to[i], clamp(i * 13 + clamp(i * 12, 0, 100), 0, 255));
  printf("%lld\n", sum);
  return verdict();
}
