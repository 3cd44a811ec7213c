// Aims at: shifts of narrow and wide types, arithmetic and logical, combined, masked, guarded.
#include "check.h"
#include <stdint.h>

static uint64_t slow_left(uint64_t v, int n) {
  for (volatile int i = 0; i < n; i++) v += v;
  return v;
}
static uint64_t slow_right(uint64_t v, int n) {
  for (volatile int i = 0; i < n; i++) v /= 2;
  return v;
}
static int64_t slow_arithmetic(int64_t v, int n) { // rounds to minus infinity
  for (volatile int i = 0; i < n; i++) v = v / 2 - (v % 2 < 0);
  return v;
}

NOINLINE static uint32_t left32(uint32_t v, int n) { return v << n; }
NOINLINE static uint64_t left64(uint64_t v, int n) { return v << n; }
NOINLINE static uint32_t right32(uint32_t v, int n) { return v >> n; }
NOINLINE static uint64_t right64(uint64_t v, int n) { return v >> n; }
NOINLINE static int32_t sar32(int32_t v, int n) { return v >> n; }
NOINLINE static int64_t sar64(int64_t v, int n) { return v >> n; }
NOINLINE static int sar_narrow(int8_t v, int n) { return v >> n; }
NOINLINE static int shr_narrow(uint8_t v, int n) { return v >> n; }
NOINLINE static uint8_t left_narrow(uint8_t v, int n) { return (uint8_t)(v << n); }
NOINLINE static uint32_t masked(uint32_t v, unsigned n) { return v << (n & 31); }
NOINLINE static uint32_t guarded(uint32_t v, unsigned n) { return n < 32 ? v >> n : 0; }
NOINLINE static uint64_t double_shift(uint64_t high, uint64_t low, unsigned n) {
  return n ? high << n | low >> (64 - n) : high;
}
NOINLINE static uint32_t cut_low(uint32_t v) { return v >> 5 << 5; }
NOINLINE static uint32_t cut_high(uint32_t v) { return v << 7 >> 7; }
NOINLINE static int32_t sign_field(uint32_t v) { return (int32_t)(v << 12) >> 20; }
NOINLINE static uint32_t up_then_less(uint32_t v) { return v << 9 >> 4; }
NOINLINE static int64_t sign_mask(int64_t v) { return v >> 63; }
NOINLINE static uint64_t wide_mask(int n) { return (1ull << n) - 1; }
NOINLINE static uint32_t shifted_one(int n) { return (uint32_t)(1ull << n); } // 0 from 32 on
NOINLINE static int bit_is_set(uint64_t v, int n) { return (v >> n & 1) != 0; }
NOINLINE static int32_t abs_by_shift(int32_t v) { int32_t m = v >> 31; return (v ^ m) - m; }

int main(void) {
  uint64_t v = HIDE(0x9123456789abcdefull), sum = 0;
  for (int round = 0; round < 12; round++) {
    uint32_t w = (uint32_t)(v >> 17);
    for (int n = 0; n < 64; n++) {
      CHECK_EQ(left64(v, n), slow_left(v, n));
      CHECK_EQ(right64(v, n), slow_right(v, n));
      CHECK_EQ(sar64((int64_t)v, n), slow_arithmetic((int64_t)v, n));
      CHECK_EQ(double_shift(v, ~v, (unsigned)n), slow_left(v, n) +
          (n ? slow_right(~v, 64 - n) : 0));
      CHECK_EQ(wide_mask(n), slow_left(1, n) - 1);
      CHECK_EQ(shifted_one(n), n < 32 ? slow_left(1, n) : 0);
      CHECK_EQ(bit_is_set(v, n), slow_right(v, n) % 2);
      CHECK_EQ(guarded(w, (unsigned)n), n < 32 ? slow_right(w, n) : 0);
      CHECK_EQ(masked(w, (unsigned)n), (uint32_t)slow_left(w, n % 32));
      if (n >= 32) continue;
      CHECK_EQ(left32(w, n), (uint32_t)slow_left(w, n));
      CHECK_EQ(right32(w, n), slow_right(w, n));
      CHECK_EQ(sar32((int32_t)w, n), (int32_t)slow_arithmetic((int32_t)w, n));
      CHECK_EQ(sar_narrow((int8_t)w, n), (int)slow_arithmetic((int8_t)w, n));
      CHECK_EQ(shr_narrow((uint8_t)w, n), (int)slow_right((uint8_t)w, n));
      if (n < 20) CHECK_EQ(left_narrow((uint8_t)w, n), (uint8_t)slow_left((uint8_t)w, n));
    }
    CHECK_EQ(cut_low(w), w - w % 32);
    CHECK_EQ(cut_high(w), w % (1u << 25));
    CHECK_EQ(sign_field(w), (int32_t)((w / 256 % 4096 ^ 2048) - 2048));
    CHECK_EQ(up_then_less(w), w % (1u << 23) * 32);
    CHECK_EQ(sign_mask((int64_t)v), (int64_t)v < 0 ? -1 : 0);
    if (w != 0x80000000u) CHECK_EQ(abs_by_shift((int32_t)w), (int32_t)w < 0 ? -(int32_t)w
        : (int32_t)w);
    sum = sum * 3 + v;
    v = v * 6364136223846793005ull + 1442695040888963407ull;
  }
  printf("%llx\n", (unsigned long long)sum);
  return verdict();
}
