// Aims at: chains of sign and zero extensions and truncations across calls, memory.
#include "check.h"
#include <stdint.h>

typedef signed char s8;

NOINLINE static int64_t su(s8 x) { return (int64_t)(uint32_t)(int32_t)x; }
NOINLINE static int64_t us(uint8_t x) { return (int64_t)(s8)x; }
NOINLINE static uint64_t sus(int16_t x) {
  return (uint64_t)(int64_t)(int32_t)(uint16_t)(int16_t)(s8)x;
}
NOINLINE static uint32_t through_short(uint32_t x) { return (uint32_t)(int16_t)x >> 4; }
NOINLINE static int signed_less(s8 a, s8 b) { return a < b; }
NOINLINE static int unsigned_less(uint8_t a, uint8_t b) { return a < b; }
NOINLINE static int mixed_less(s8 a, unsigned b) { return (unsigned)a < b; }
NOINLINE static int promoted(uint8_t a, uint8_t b) { uint8_t c = (uint8_t)~a; return c == b; }
NOINLINE static int not_truncated(uint8_t a, uint8_t b) { int c = ~a; return c == b; } // never
NOINLINE static uint16_t narrow_product(uint16_t a, uint16_t b) {
  return (uint16_t)((uint32_t)a * b);
}
NOINLINE static uint16_t high_product(uint16_t a, uint16_t b) {
  return (uint16_t)((uint32_t)a * b >> 16);
}
NOINLINE static int64_t index_wide(const int *a, int32_t i) { return a[i]; }
NOINLINE static int64_t index_unsigned(const int *a, uint32_t i) { return a[(uint32_t)(i + 1)]; }
NOINLINE static int64_t sum_signed(const s8 *p, int n) {
  int64_t s = 0;
  while (n--) s += *p++;
  return s;
}
NOINLINE static int64_t sum_unsigned(const uint8_t *p, int n) {
  int64_t s = 0;
  while (n--) s += *p++;
  return s;
}
NOINLINE static int32_t low_bits(int64_t x) {
  return (int32_t)(x & 0xffff) - (int32_t)(x & 0x8000) * 2;
}
NOINLINE static s8 returned_narrow(int x) { return (s8)x; }
NOINLINE static _Bool to_bool(uint32_t x) { return x; }
NOINLINE static int bool_sum(uint64_t x) { return (_Bool)(x & 0xff00000000) + (_Bool)x; }
NOINLINE static int64_t select_width(int c, s8 a, uint8_t b) { return c ? a : b; }

static int64_t model(int64_t x, int bits, int is_signed) { // by arithmetic alone
  int64_t size = 1ll << bits;
  int64_t r = (x % size + size) % size;
  return is_signed && r >= size / 2 ? r - size : r;
}

int main(void) {
  int array[260];
  for (int i = 0; i < 260; i++) array[i] = i * 5;
  int64_t sum = 0;
  for (int x = -300; x < 300; x++) {
    int h = HIDE(x);
    int64_t s = model(x, 8, 1), u = model(x, 8, 0);
    CHECK_EQ(su((s8)h), model(s, 32, 0));
    CHECK_EQ(us((uint8_t)h), s);
    CHECK_EQ(sus((int16_t)h), model(s, 16, 0));
    CHECK_EQ(through_short((uint32_t)h * 200), model(model(x * 200, 16, 1), 32, 0) / 16);
    CHECK_EQ(signed_less((s8)h, (s8)-h), s < model(-x, 8, 1));
    CHECK_EQ(unsigned_less((uint8_t)h, (uint8_t)-h), u < model(-x, 8, 0));
    CHECK_EQ(mixed_less((s8)h, 0x80000000u), s >= 0);
    CHECK_EQ(promoted((uint8_t)h, (uint8_t)(255 - u)), 1);
    CHECK_EQ(not_truncated((uint8_t)h, (uint8_t)(255 - u)), 0);
    CHECK_EQ(narrow_product((uint16_t)h, (uint16_t)h), model((int64_t)x * x, 16, 0));
    CHECK_EQ(high_product((uint16_t)h, 0xffff), (int64_t)model(x, 16, 0) * 0xffff / 65536);
    CHECK_EQ(index_wide(array + 130, (int32_t)(s8)h), (130 + s) * 5);
    CHECK_EQ(low_bits(h * 1001ll), model(x * 1001ll, 16, 1));
    CHECK_EQ(returned_narrow(h), s);
    CHECK_EQ(to_bool((uint32_t)h << 24), u != 0);
    CHECK_EQ(bool_sum((uint64_t)u << 32), u ? 2 : 0);
    CHECK_EQ(select_width(h & 1, (s8)h, (uint8_t)h), x & 1 ? s : u);
    sum = sum * 3 % 1000003 + s * u;
  }
  CHECK_EQ(index_unsigned(array, HIDE(UINT32_MAX)), 0);
  uint8_t bytes[] = {0x80, 0xff, 0x7f, 0x01, 0xfe, 0x00, 0x90};
  CHECK_EQ(sum_signed((const s8 *)bytes, HIDE(7)), -128 - 1 + 127 + 1 - 2 - 112);
  CHECK_EQ(sum_unsigned(bytes, HIDE(7)), 128 + 255 + 127 + 1 + 254 + 144);
  printf("%lld\n", (long long)sum);
  return verdict();
}
