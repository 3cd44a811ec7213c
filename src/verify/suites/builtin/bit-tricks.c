// Aims at: counting, finding, reversing and interleaving bits, by hand and by builtin.
#include "check.h"
#include <stdint.h>

NOINLINE static int popcount_swar(uint64_t v) {
  v -= v >> 1 & 0x5555555555555555;
  v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
  v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
  return (int)(v * 0x0101010101010101 >> 56);
}
NOINLINE static int popcount_loop(uint64_t v) { int n = 0; for (; v; v &= v - 1) n++; return n; }
NOINLINE static int popcount_builtin(uint64_t v) { return __builtin_popcountll(v); }
NOINLINE static int clz_loop(uint32_t v) { int n = 32; while (v) { v >>= 1; n--; } return n; }
NOINLINE static int clz_guarded(uint32_t v) { return v ? __builtin_clz(v) : 32; }
NOINLINE static int ctz_loop(uint32_t v) {
  int n = 0;
  if (!v) return 32;
  while (!(v & 1)) { v >>= 1; n++; }
  return n;
}
NOINLINE static int ctz_guarded(uint32_t v) { return v ? __builtin_ctz(v) : 32; }
NOINLINE static int ctz_debruijn(uint32_t v) {
  static const unsigned char table[32] = {0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8,
                                          31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6, 11, 5, 10,
                                              9};
  return table[(v & -v) * 0x077cb531u >> 27];
}
NOINLINE static uint32_t reverse_swar(uint32_t v) {
  v = (v >> 1 & 0x55555555) | (v & 0x55555555) << 1;
  v = (v >> 2 & 0x33333333) | (v & 0x33333333) << 2;
  v = (v >> 4 & 0x0f0f0f0f) | (v & 0x0f0f0f0f) << 4;
  v = (v >> 8 & 0x00ff00ff) | (v & 0x00ff00ff) << 8;
  return v >> 16 | v << 16;
}
NOINLINE static uint32_t reverse_loop(uint32_t v) {
  uint32_t r = 0;
  for (int i = 0; i < 32; i++, v >>= 1) r = r << 1 | (v & 1);
  return r;
}
NOINLINE static int is_power(uint32_t v) { return v && !(v & (v - 1)); }
NOINLINE static uint32_t next_power(uint32_t v) {
  v--;
  v |= v >> 1, v |= v >> 2, v |= v >> 4, v |= v >> 8, v |= v >> 16;
  return v + 1;
}
NOINLINE static uint32_t spread(uint16_t x) {
  uint32_t v = x;
  v = (v | v << 8) & 0x00ff00ff;
  v = (v | v << 4) & 0x0f0f0f0f;
  v = (v | v << 2) & 0x33333333;
  return (v | v << 1) & 0x55555555;
}
NOINLINE static int parity(uint32_t v) {
  v ^= v >> 16;
  v ^= v >> 8;
  v ^= v >> 4;
  return 0x6996 >> (v & 15) & 1;
}
NOINLINE static uint32_t select_bits(uint32_t a, uint32_t b, uint32_t m) {
  return ((a ^ b) & m) ^ b;
}
NOINLINE static uint32_t lowest_clear(uint32_t v) { return ~v & (v + 1); }
NOINLINE static int has_zero_byte(uint32_t v) { return ((v - 0x01010101) & ~v & 0x80808080) != 0; }

int main(void) {
  uint64_t v = HIDE(0x243f6a8885a308d3ull), sum = 0;
  for (int round = 0; round < 200; round++) {
    uint64_t x = round < 3 ? (uint64_t)-round * ((uint64_t)round - 1) : v >> (round % 61);
    uint32_t w = (uint32_t)x;
    int bits = 0, low = -1, high = -1, zero_byte = 0, spread_ok = 1;
    for (volatile int i = 0; i < 64; i++) bits += (int)(x >> i & 1);
    for (volatile int i = 0; i < 32; i++)
      if (w >> i & 1) { high = i; if (low < 0) low = i; }
    for (volatile int i = 0; i < 4; i++) zero_byte |= (w >> 8 * i & 0xff) == 0;
    for (volatile int i = 0; i < 32; i++)
      spread_ok &= (spread((uint16_t)w) >> i & 1) == (i % 2 ? 0 : w >> i / 2 & 1);
    CHECK(popcount_swar(x) == bits && popcount_loop(x) == bits && popcount_builtin(x) == bits);
    CHECK(clz_loop(w) == 31 - high && clz_guarded(w) == 31 - high);
    CHECK(ctz_loop(w) == (w ? low : 32) && ctz_guarded(w) == ctz_loop(w));
    if (w) CHECK_EQ(ctz_debruijn(w), low);
    CHECK_EQ(reverse_swar(w), reverse_loop(w));
    CHECK_EQ(reverse_loop(reverse_swar(w)), w);
    CHECK_EQ(is_power(w), high >= 0 && low == high);
    if (w && w <= 0x80000000u) CHECK_EQ(next_power(w), low == high ? w : 2u << high);
    CHECK_EQ(parity(w), popcount_loop(w) & 1);
    CHECK_EQ(select_bits(w, ~w, 0x00ffff00), (w & 0x00ffff00) | (~w & 0xff0000ff));
    CHECK_EQ(lowest_clear(w), ~w ? 1u << ctz_loop(~w) % 32 : 0);
    CHECK_EQ(has_zero_byte(w), zero_byte);
    CHECK(spread_ok);
    sum = sum * 3 + reverse_swar(w) + (unsigned)bits;
    v = v * 0x9e3779b97f4a7c15ull + 0x7f4a7c15;
  }
  CHECK(popcount_swar(0x8000000000000001) == 2 && next_power(17) == 32 && clz_guarded(0) == 32);
  printf("%llx\n", (unsigned long long)sum);
  return verdict();
}
