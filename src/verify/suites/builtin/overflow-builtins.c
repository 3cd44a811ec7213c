// Aims at: __builtin_*_overflow over mixed widths and signs, against a 128-bit computation.
#include "check.h"
#include <limits.h>
#include <stdint.h>

static const int64_t samples[] = {
    0, 1, -1, 2, -2, 127, 128, -128, -129, 255, 256, 32767, -32768, 65535, 65536, INT_MAX, INT_MIN,
    (int64_t)INT_MAX + 1, (int64_t)INT_MIN - 1, UINT_MAX, (int64_t)UINT_MAX + 1, 3037000500ll,
    INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1};
enum { COUNT = sizeof samples / sizeof *samples };

// One set of three functions per type; the result bits are defined even after overflow.
#define TYPES(X) X(int8_t, i8) X(uint8_t, u8) X(int16_t, i16) X(int32_t, i32) X(uint32_t, u32) \
  X(int64_t, i64) X(uint64_t, u64)
#define DEFINE(T, name) \
  NOINLINE static int add_##name(T a, T b, T *r) { return __builtin_add_overflow(a, b, r); } \
  NOINLINE static int sub_##name(T a, T b, T *r) { return __builtin_sub_overflow(a, b, r); } \
  NOINLINE static int mul_##name(T a, T b, T *r) { return __builtin_mul_overflow(a, b, r); } \
  NOINLINE static unsigned test_##name(void) { \
    unsigned sum = 0; \
    for (int i = 0; i < COUNT; i++) \
      for (int j = 0; j < COUNT; j++) { \
        T a = (T)samples[i], b = (T)samples[j], r; \
        __int128 x = a, y = b, exact[3] = {x + y, x - y, (__int128)((unsigned __int128)x * (unsigned __int128)y)}; \
        int (*const f[3])(T, T, T *) = {add_##name, sub_##name, mul_##name}; \
        for (int k = 0; k < 3; k++) { \
          int over = f[k](a, b, &r); \
          CHECK_EQ((uint64_t)r, (uint64_t)(T)exact[k]); \
          int fits = exact[k] == (__int128)(T)exact[k]; \
          if (k == 2 && sizeof(T) == 8 && (T)-1 > 0) fits = !a || (unsigned __int128)exact[k] >> 64 == 0; \
          CHECK_EQ(over, !fits); \
          sum = sum * 5 + (unsigned)over + (unsigned)(uint64_t)r; \
        } \
      } \
    return sum; \
  }
TYPES(DEFINE)

NOINLINE static int mixed(int32_t a, uint32_t b, int8_t *out) {
  return __builtin_add_overflow(a, b, out);
}
NOINLINE static int into_unsigned(int a, int b, unsigned *out) {
  return __builtin_sub_overflow(a, b, out);
}
NOINLINE static long sum_or_limit(const int *p, int n) { // saturates at the first overflow
  int sum = 0;
  for (int i = 0; i < n; i++)
    if (__builtin_add_overflow(sum, p[i], &sum)) return p[i] < 0 ? LONG_MIN : LONG_MAX;
  return sum;
}

int main(void) {
#define RUN(T, name) printf(#name " %u\n", test_##name());
  TYPES(RUN)
  int8_t small;
  CHECK(!mixed(HIDE(-5), 5u, &small) && small == 0);
  CHECK(!mixed(HIDE(-128), HIDE(0u), &small) && small == -128);
  CHECK(mixed(HIDE(-1), HIDE(129u), &small) && small == -128);
  unsigned u;
  CHECK(into_unsigned(HIDE(3), 4, &u) && u == UINT_MAX);
  CHECK(!into_unsigned(HIDE(INT_MAX), INT_MIN, &u) && u == UINT_MAX);
  int list[] = {HIDE(INT_MAX), -5, 5, 1};
  CHECK_EQ(sum_or_limit(list, 3), INT_MAX);
  CHECK_EQ(sum_or_limit(list, 4), LONG_MAX);
  list[0] = INT_MIN;
  CHECK_EQ(sum_or_limit(list, 2), LONG_MIN);
  return verdict();
}
