// Aims at: the same expressions folded at compile time and computed at run time must give the same bits.
#include "check.h"
#include <limits.h>
#include <stdint.h>
#include <string.h>

static uint64_t bits(double d) { uint64_t u; memcpy(&u, &d, 8); return u; }

// One always-inlined body; called with constants it folds, called with hidden values it cannot.
#define BOTH(f, ...) \
  do { \
    uint64_t folded = f(__VA_ARGS__), computed = hidden_##f(__VA_ARGS__); \
    CHECK_EQ(folded, computed); \
    sum = sum * 31 + folded; \
  } while (0)
#define DEFINE2(name, type, ...) \
  static inline __attribute__((always_inline)) uint64_t name(type a, type b) { return __VA_ARGS__; } \
  NOINLINE static uint64_t hidden_##name(type a, type b) { return name(HIDE(a), HIDE(b)); }

DEFINE2(divide_s, int32_t, (uint64_t)(a / b) * 7 + (uint64_t)(a % b))
DEFINE2(divide_u, uint64_t, a / b * 7 + a % b)
DEFINE2(shift_s, int64_t, (uint64_t)(a >> (b & 63)) ^ (uint64_t)((int32_t)a >> (b & 31)))
DEFINE2(shift_u, uint64_t, a << (b & 63) ^ a >> (-b & 63))
DEFINE2(compare, int64_t,
    (uint64_t)((a < b) + 2 * ((uint64_t)a < (uint64_t)b) + 4 * ((int8_t)a < (int8_t)b) +
    8 * (a == b)))
DEFINE2(narrow, int64_t, (uint64_t)((int8_t)a * (int16_t)b) + (uint8_t)a * (uint64_t)(uint16_t)b)
DEFINE2(count, uint64_t, (uint64_t)(__builtin_popcountll(a) * 100 + __builtin_clzll(b | 1) +
    __builtin_ctzll(a | 1ull << 63)))
DEFINE2(swap, uint64_t, __builtin_bswap64(a) ^ __builtin_bswap32((uint32_t)b) ^
    __builtin_bswap16((uint16_t)a))
DEFINE2(wide, uint64_t, (uint64_t)((unsigned __int128)a * b >> 64) ^
    (uint64_t)(((unsigned __int128)a << 64 | b) / (b | 1) >> 3))
DEFINE2(add_d, double, bits(a + b) ^ bits(a - b) >> 1)
DEFINE2(mul_d, double, bits(a * b))
DEFINE2(div_d, double, bits(a / b))
DEFINE2(round_d, double, bits((double)(float)a) ^ bits((double)(float)(a * b)) >> 2)
DEFINE2(compare_d, double, (uint64_t)((a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b) +
    16 * !(a > b) + 32 * __builtin_isunordered(a, b)))
DEFINE2(to_int, double, (uint64_t)(int64_t)(a * 1000) ^ (uint64_t)(int32_t)(b / 3))
DEFINE2(sign_d, double, bits(__builtin_copysign(a, b)) ^ bits(__builtin_fabs(b)) >> 3)
DEFINE2(float_math, float, bits((double)(a * b - a)) ^ bits((double)(a / b)) >> 1)

static const char text[] = "constant text";
static const int primes[] = {2, 3, 5, 7, 11, 13};
static inline unsigned hash(const char *s, unsigned h) {
  while (*s) h = h * 33 ^ (unsigned char)*s++;
  return h;
}
static inline int table_sum(const int *p, int n) {
  int s = 0;
  for (int i = 0; i < n; i++) s = s * 3 + p[i];
  return s;
}
static inline unsigned recursive(unsigned n) {
  return n < 3 ? n : recursive(n - 1) + recursive(n - 2) * 2;
}
static inline unsigned crc(unsigned c) {
  for (int i = 0; i < 8; i++) c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
  return c;
}

int main(void) {
  uint64_t sum = 0;
  BOTH(divide_s, -7, 2); BOTH(divide_s, INT_MIN, 3); BOTH(divide_s, INT_MAX, -10);
  BOTH(divide_s, -1, INT_MIN);
  BOTH(divide_u, UINT64_MAX, 10); BOTH(divide_u, 1ull << 63, 3); BOTH(divide_u, 5, UINT64_MAX);
  BOTH(shift_s, INT64_MIN, 63); BOTH(shift_s, -5, 1); BOTH(shift_s, 0x80000000, 31);
  BOTH(shift_u, 0x8000000000000001, 1); BOTH(shift_u, UINT64_MAX, 63); BOTH(shift_u, 123, 0);
  BOTH(compare, -1, 1); BOTH(compare, 128, 127); BOTH(compare, INT64_MIN, INT64_MIN);
  BOTH(narrow, 0x1ff, -0x18000); BOTH(narrow, -129, 65535);
  BOTH(count, 0xf0f0, 0x10000); BOTH(count, 0, 0); BOTH(swap, 0x0102030405060708, 0xa1b2c3d4);
  BOTH(wide, UINT64_MAX, UINT64_MAX - 2); BOTH(wide, 3, 1ull << 62);
  BOTH(add_d, 0.1, 0.2); BOTH(add_d, 1e16, 1.0); BOTH(add_d, -0.0, 0.0);
  BOTH(add_d, 0x1p-1074, -0x1p-1074);
  BOTH(mul_d, 0.1, 3.0); BOTH(mul_d, 0x1p-600, 0x1.8p-474); BOTH(mul_d, 1e200, 1e200);
  BOTH(mul_d, -0.0, 5.0);
  BOTH(div_d, 1.0, 3.0); BOTH(div_d, 0x1p-1074, 2.0); BOTH(div_d, -1.0, 1e-320);
  BOTH(div_d, 7.0, -0.1);
  BOTH(round_d, 0x1.0000010000001p0, 1.0); BOTH(round_d, 1e-46, 3.0); BOTH(round_d, 3.5e38, 0.5);
  BOTH(round_d, 0x1.000003p0, 0.1);
  BOTH(compare_d, __builtin_nan(""), 1.0); BOTH(compare_d, 0.0, -0.0);
  BOTH(compare_d, -1.0, __builtin_inf());
  BOTH(to_int, -1.9996, 1e9); BOTH(to_int, 1e12, -6.1e9); BOTH(sign_d, 1.5, -0.0);
  BOTH(sign_d, -2.0, 7.0);
  BOTH(float_math, 0.1f, 3.0f); BOTH(float_math, 1e-38f, 1e-3f);
  BOTH(float_math, 16777217.0f, 0.3f);
  CHECK(hash(text, 5381) == hash(HIDE(&text[0]), HIDE(5381u)) && hash("", 7) == 7);
  CHECK(table_sum(primes, 6) == table_sum(HIDE(&primes[0]), HIDE(6))
      && table_sum(primes, 6) == 973);
  CHECK(recursive(20) == recursive(HIDE(20u)) && crc(0xa5) == crc(HIDE(0xa5u))
      && crc(1) == 0x77073096);
  CHECK(sizeof(text) == 14 && text[HIDE(12)] == 't' && primes[5] + text[0] == 112);
  CHECK(0.1 + 0.2 != 0.3 && (unsigned char)300 == 44 && (unsigned)-1 > 1u);
  printf("%016llx %u\n", (unsigned long long)sum, recursive(20));
  return verdict();
}
