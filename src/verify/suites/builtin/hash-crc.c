// Aims at: CRCs bit by bit, by table, by nibbles and by slices, both bit orders.
#include "check.h"
#include <stdint.h>
#include <string.h>

static uint32_t table[4][256];
static const uint32_t nibbles[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};

NOINLINE static void build(uint32_t polynomial) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ polynomial : c >> 1;
    table[0][i] = c;
  }
  for (int s = 1; s < 4; s++)
    for (int i = 0; i < 256; i++) table[s][i] = table[s - 1][i] >> 8 ^
        table[0][table[s - 1][i] & 255];
}
NOINLINE static uint32_t bitwise(const uint8_t *p, size_t n) {
  uint32_t c = ~0u;
  while (n--) {
    c ^= *p++;
    for (int k = 0; k < 8; k++) c = c >> 1 ^ (0xedb88320 & -(c & 1)); // a mask instead of a branch
  }
  return ~c;
}
NOINLINE static uint32_t by_table(const uint8_t *p, size_t n) {
  uint32_t c = ~0u;
  for (size_t i = 0; i < n; i++) c = table[0][(c ^ p[i]) & 255] ^ c >> 8;
  return ~c;
}
NOINLINE static uint32_t by_nibbles(const uint8_t *p, size_t n) {
  uint32_t c = ~0u;
  for (; n; n--, p++) {
    c = c >> 4 ^ nibbles[(c ^ *p) & 15];
    c = c >> 4 ^ nibbles[(c ^ *p >> 4) & 15];
  }
  return ~c;
}
NOINLINE static uint32_t by_slices(const uint8_t *p, size_t n) {
  uint32_t c = ~0u;
  for (; n >= 4; n -= 4, p += 4) {
    uint32_t w;
    memcpy(&w, p, 4);
    c ^= w;
    c = table[3][c & 255] ^ table[2][c >> 8 & 255] ^ table[1][c >> 16 & 255] ^ table[0][c >> 24];
  }
  while (n--) c = table[0][(c ^ *p++) & 255] ^ c >> 8;
  return ~c;
}
NOINLINE static uint16_t ccitt(const uint8_t *p, size_t n) { // most significant bit first
  uint16_t c = 0xffff;
  while (n--) {
    c ^= (uint16_t)(*p++ << 8);
    for (int k = 0; k < 8; k++) c = (uint16_t)(c & 0x8000 ? c << 1 ^ 0x1021 : c << 1);
  }
  return c;
}
NOINLINE static uint64_t ecma64(const uint8_t *p, size_t n) {
  uint64_t c = 0;
  for (; n--; p++) {
    c ^= (uint64_t)*p << 56;
    for (int k = 0; k < 8; k++) c = (int64_t)c < 0 ? c << 1 ^ 0x42f0e1eba9ea3693 : c << 1;
  }
  return c;
}
NOINLINE static uint32_t adler(const uint8_t *p, size_t n) {
  uint32_t a = 1, b = 0;
  while (n) {
    size_t part = n > 5552 ? 5552 : n;
    n -= part;
    while (part--) b += a += *p++;
    a %= 65521, b %= 65521;
  }
  return b << 16 | a;
}
// Crc of a text followed by another.
NOINLINE static uint32_t combine(uint32_t c, uint32_t d, size_t zeros) {
  c = ~c;
  for (size_t i = 0; i < zeros; i++) c = table[0][c & 255] ^ c >> 8;
  uint32_t z = ~0u;
  for (size_t i = 0; i < zeros; i++) z = table[0][z & 255] ^ z >> 8;
  return d ^ c ^ z;
}

int main(void) {
  const uint8_t *check = (const uint8_t *)HIDE((const char *)"123456789");
  build(HIDE(0xedb88320u));
  CHECK_EQ(bitwise(check, 9), 0xcbf43926);
  CHECK_EQ(by_table(check, 9), 0xcbf43926);
  CHECK_EQ(by_nibbles(check, 9), 0xcbf43926);
  CHECK_EQ(by_slices(check, 9), 0xcbf43926);
  CHECK_EQ(ccitt(check, 9), 0x29b1);
  CHECK_EQ(ecma64(check, 9), 0x6c40df5f0b497347);
  CHECK_EQ(adler(check, 9), 0x091e01de);
  CHECK(bitwise(check, 0) == 0 && by_slices(check, HIDE((size_t)0)) == 0 && adler(check, 0) == 1);
  static uint8_t data[12000];
  for (int i = 0; i < 12000; i++) data[i] = (uint8_t)(i % 700 < 350 ? 255 : i * 7 >> 2);
  for (size_t n = 0; n < 40; n++) {
    uint32_t wanted = bitwise(data + n, n * 5);
    CHECK(by_table(data + n, n * 5) == wanted && by_nibbles(data + n, n * 5) == wanted
        && by_slices(data + n, n * 5) == wanted);
    CHECK_EQ(combine(bitwise(data, n), bitwise(data + n, 60), 60), bitwise(data, n + 60));
  }
  uint64_t a = 1, b = 0;
  for (volatile int i = 0; i < 12000; i++) a = (a + data[i]) % 65521, b = (b + a) % 65521;
  CHECK_EQ(adler(data, HIDE((size_t)12000)), b << 16 | a);
  printf("%08x %04x %016llx\n", by_slices(data, 12000), ccitt(data, 999),
      (unsigned long long)ecma64(data, 999));
  return verdict();
}
