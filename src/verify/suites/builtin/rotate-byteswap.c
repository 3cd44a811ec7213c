// Aims at: rotates and byte swaps written out in shifts, and patterns that only look like them.
#include "check.h"
#include <stdint.h>

NOINLINE static uint32_t rotl(uint32_t v, unsigned n) { return v << (n & 31) | v >> (-n & 31); }
NOINLINE static uint64_t rotr64(uint64_t v, unsigned n) {
  n &= 63;
  return n ? v >> n | v << (64 - n) : v;
}
NOINLINE static uint16_t rotl16(uint16_t v, unsigned n) {
  n &= 15;
  return (uint16_t)(v << n | v >> (16 - n));
}
NOINLINE static uint8_t rotl8(uint8_t v, unsigned n) {
  return (uint8_t)(v << (n & 7) | v >> (8 - (n & 7)));
}
NOINLINE static uint32_t rot_const(uint32_t v) { return (v << 7 | v >> 25) ^ (v >> 3 | v << 29); }
// Disjoint, so a rotate.
NOINLINE static uint32_t rot_add(uint32_t v) { return (v << 9) + (v >> 23); }
NOINLINE static uint32_t not_rot(uint32_t v) { return (v << 9) + (v >> 22); }
NOINLINE static uint32_t not_rot_signed(int32_t v) {
  return (uint32_t)v << 8 | (uint32_t)(v >> 24);
}
NOINLINE static uint32_t funnel(uint32_t a, uint32_t b) { return a << 11 | b >> 21; }
NOINLINE static uint32_t funnel_by(uint32_t a, uint32_t b, unsigned n) {
  return (uint32_t)((((uint64_t)a << 32 | b) << (n & 31)) >> 32);
}
NOINLINE static uint32_t swap32(uint32_t v) {
  return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) | v << 24;
}
NOINLINE static uint32_t not_swap32(uint32_t v) {
  return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xfe0000) | v << 24;
}
NOINLINE static uint32_t swap_halves(uint32_t v) {
  return (v & 0x00ff00ff) << 8 | (v >> 8 & 0x00ff00ff);
}
NOINLINE static uint64_t swap64(uint64_t v) {
  uint64_t r = 0;
  for (int i = 0; i < 8; i++) { r = r << 8 | (v & 0xff); v >>= 8; }
  return r;
}
NOINLINE static int16_t swap16(int16_t v) { return (int16_t)((uint16_t)v >> 8 | (uint16_t)v << 8); }
NOINLINE static int swap16_int(int16_t v) { return (v >> 8 & 0xff) | (v & 0xff) << 8; }
NOINLINE static uint32_t builtin_mix(uint32_t v) {
  return __builtin_bswap32(__builtin_bswap32(v) + 1);
}

static uint32_t slow_rotl(uint32_t v, unsigned n) {
  for (volatile unsigned i = 0; i < n % 32; i++) v = v * 2 + (v >= 0x80000000u);
  return v;
}
static uint32_t slow_byte(uint32_t v, int i) { while (i--) v /= 256; return v % 256; }

int main(void) {
  uint64_t v = HIDE(0xfedcba9876543211ull), sum = 0;
  for (unsigned n = 0; n < 70; n++) {
    uint32_t w = (uint32_t)(v >> 13);
    CHECK_EQ(rotl(w, n), slow_rotl(w, n));
    uint64_t r = v;
    for (volatile unsigned i = 0; i < n % 64; i++) r = r / 2 + (r % 2 << 63);
    CHECK_EQ(rotr64(v, n), r);
    CHECK_EQ(rotl16((uint16_t)w, n), ((uint32_t)(uint16_t)w * 65537ull << n % 16 >> 16) & 0xffff);
    CHECK_EQ(rotl8((uint8_t)w, n), ((w & 0xff) * 257ull << n % 8 >> 8) & 0xff);
    CHECK_EQ(rot_const(w), slow_rotl(w, 7) ^ slow_rotl(w, 29));
    CHECK_EQ(rot_add(w), slow_rotl(w, 9));
    CHECK_EQ(not_rot(w), w * 512u + w / (1u << 22));
    CHECK_EQ(not_rot_signed((int32_t)w), w >> 31 ? 0xffffff00u | w * 256u | slow_byte(w, 3)
        : w * 256u | slow_byte(w, 3));
    CHECK_EQ(funnel(w, ~w), w * 2048u + ~w / (1u << 21));
    CHECK_EQ(funnel_by(w, w, n), slow_rotl(w, n));
    CHECK_EQ(funnel_by(w, 0, n), (uint64_t)w << n % 32 & 0xffffffff);
    uint32_t swapped = 0;
    for (int i = 0; i < 4; i++) swapped += slow_byte(w, i) << (24 - 8 * i);
    CHECK_EQ(swap32(w), swapped);
    CHECK_EQ(not_swap32(w), swapped & ~0x10000u);
    CHECK_EQ(swap_halves(w), slow_rotl(swapped, 16));
    CHECK_EQ(swap64(v), (uint64_t)swap32((uint32_t)v) << 32 | swap32((uint32_t)(v >> 32)));
    CHECK_EQ((uint16_t)swap16((int16_t)w), slow_byte(w, 1) + 256 * slow_byte(w, 0));
    CHECK_EQ(swap16_int((int16_t)w), slow_byte(w, 1) + 256 * slow_byte(w, 0));
    CHECK_EQ(builtin_mix(w), swap32(swap32(w) + 1));
    sum = sum * 7 + rotl(w, n) + swap64(v);
    v = v * 0xd1342543de82ef95ull + 1;
  }
  CHECK_EQ(swap16_int(HIDE((int16_t)-2)), 0xfeff);
  CHECK_EQ(swap16(HIDE((int16_t)0x00ff)), (int16_t)0xff00);
  CHECK_EQ(rotl8(0x81, 1), 3);
  printf("%llx\n", (unsigned long long)sum);
  return verdict();
}
