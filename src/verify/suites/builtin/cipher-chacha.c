// Aims at: ChaCha20, Poly1305 and SipHash: rotates, 128-bit products and carries.
#include "check.h"
#include <stdint.h>
#include <string.h>

static uint32_t rotl(uint32_t v, int n) { return v << n | v >> (32 - n); }
static uint64_t rotl64(uint64_t v, int n) { return v << n | v >> (64 - n); }
static void quarter(uint32_t *x, int a, int b, int c, int d) {
  x[a] += x[b], x[d] = rotl(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = rotl(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = rotl(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = rotl(x[b] ^ x[c], 7);
}
NOINLINE static void chacha_block(const uint8_t *key, uint32_t counter, const uint8_t *nonce,
    uint8_t *out) {
  uint32_t s[16], x[16];
  memcpy(s, "expand 32-byte k", 16);
  memcpy(s + 4, key, 32);
  s[12] = counter;
  memcpy(s + 13, nonce, 12);
  memcpy(x, s, sizeof x);
  for (int i = 0; i < 10; i++) {
    for (int c = 0; c < 4; c++) quarter(x, c, c + 4, c + 8, c + 12);
    for (int c = 0; c < 4; c++) quarter(x, c, 4 + (c + 1) % 4, 8 + (c + 2) % 4, 12 + (c + 3) % 4);
  }
  for (int i = 0; i < 16; i++) x[i] += s[i];
  memcpy(out, x, 64);
}
NOINLINE static void chacha(const uint8_t *key, uint32_t counter, const uint8_t *nonce,
    uint8_t *text, size_t n) {
  uint8_t stream[64];
  for (size_t i = 0; i < n; i++) {
    if (i % 64 == 0) chacha_block(key, counter++, nonce, stream);
    text[i] ^= stream[i % 64];
  }
}
NOINLINE static void poly1305(const uint8_t *key, const uint8_t *p, size_t n, uint8_t *tag) {
  unsigned __int128 d[3]; // limbs of 44, 44 and 42 bits
  uint64_t r[3], h[3] = {0}, t[2];
  const uint64_t m = 0xfffffffffff;
  memcpy(t, key, 16);
  t[0] &= 0x0ffffffc0fffffff, t[1] &= 0x0ffffffc0ffffffc;
  r[0] = t[0] & m, r[1] = (t[0] >> 44 | t[1] << 20) & m, r[2] = t[1] >> 24;
  while (n) {
    uint8_t block[17] = {0};
    size_t part = n < 16 ? n : 16;
    memcpy(block, p, part);
    block[part] = 1;
    memcpy(t, block, 16);
    h[0] += t[0] & m, h[1] += (t[0] >> 44 | t[1] << 20) & m, h[2] += t[1] >> 24 |
        (uint64_t)block[16] << 40;
    d[0] = (unsigned __int128)h[0] * r[0] + (unsigned __int128)h[1] * (r[2] * 20) +
        (unsigned __int128)h[2] * (r[1] * 20);
    d[1] = (unsigned __int128)h[0] * r[1] + (unsigned __int128)h[1] * r[0] +
        (unsigned __int128)h[2] * (r[2] * 20);
    d[2] = (unsigned __int128)h[0] * r[2] + (unsigned __int128)h[1] * r[1] +
        (unsigned __int128)h[2] * r[0];
    d[1] += d[0] >> 44, d[2] += d[1] >> 44;
    h[0] = ((uint64_t)d[0] & m) + (uint64_t)(d[2] >> 42) * 5;
    h[1] = ((uint64_t)d[1] & m) + (h[0] >> 44);
    h[0] &= m, h[2] = (uint64_t)d[2] & 0x3ffffffffff;
    p += part, n -= part;
  }
  h[2] += h[1] >> 44, h[1] &= m;
  h[0] += (h[2] >> 42) * 5, h[2] &= 0x3ffffffffff;
  h[1] += h[0] >> 44, h[0] &= m;
  uint64_t g0 = h[0] + 5, g1 = h[1] + (g0 >> 44), g2 = h[2] + (g1 >> 44);
  if (g2 >> 42) h[0] = g0 & m, h[1] = g1 & m, h[2] = g2;
  unsigned __int128 sum, pad;
  memcpy(&pad, key + 16, 16);
  sum = ((unsigned __int128)h[2] << 88) + ((unsigned __int128)h[1] << 44) + h[0] + pad;
  memcpy(tag, &sum, 16);
}
#define ROUND() (v0 += v1, v1 = rotl64(v1, 13) ^ v0, v0 = rotl64(v0, 32), v2 += v3, v3 = rotl64(v3, 16) ^ v2, \
                 v0 += v3, v3 = rotl64(v3, 21) ^ v0, v2 += v1, v1 = rotl64(v1, 17) ^ v2, v2 = rotl64(v2, 32))
NOINLINE static uint64_t siphash(const uint8_t *key, const uint8_t *p, size_t n) {
  uint64_t k0, k1, m, last = (uint64_t)n << 56;
  memcpy(&k0, key, 8), memcpy(&k1, key + 8, 8);
  uint64_t v0 = k0 ^ 0x736f6d6570736575, v1 = k1 ^ 0x646f72616e646f6d, v2 = k0 ^
      0x6c7967656e657261, v3 = k1 ^ 0x7465646279746573;
  for (; n >= 8; n -= 8, p += 8) {
    memcpy(&m, p, 8);
    v3 ^= m, ROUND(), ROUND(), v0 ^= m;
  }
  while (n--) last |= (uint64_t)p[n] << 8 * n;
  v3 ^= last, ROUND(), ROUND(), v0 ^= last, v2 ^= 255;
  for (int i = 0; i < 4; i++) ROUND();
  return v0 ^ v1 ^ v2 ^ v3;
}

int main(void) {
  uint8_t key[32], nonce[12] = {0, 0, 0, 9, 0, 0, 0, 0x4a}, out[64], text[200], copy[200], tag[16];
  for (int i = 0; i < 32; i++) key[i] = (uint8_t)HIDE(i);
  chacha_block(key, HIDE(1u), nonce, out); // RFC 8439, 2.3.2
  static const uint8_t wanted[] = {0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f,
      0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4};
  CHECK(memcmp(out, wanted, 16) == 0 && out[63] == 0x4e && out[62] == 0x3c);
  for (int i = 0; i < 200; i++) text[i] = copy[i] = (uint8_t)(i * 3);
  chacha(key, 7, nonce, text, HIDE((size_t)200));
  uint32_t sum = 0;
  for (int i = 0; i < 200; i++) sum = sum * 31 + text[i];
  CHECK(memcmp(text, copy, 200) != 0);
  chacha(key, 7, nonce, text, 200);
  CHECK(memcmp(text, copy, 200) == 0);
  static const uint8_t poly_key[] = {0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44,
      0x52, 0xfe, 0x42, 0xd5, 0x06, 0xa8,
                                     0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf,
                                         0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b};
  static const uint8_t poly_tag[] = {0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6, 0xc2, 0x2b,
      0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9};
  // 2.5.2.
  poly1305(poly_key, (const uint8_t *)"Cryptographic Forum Research Group", HIDE((size_t)34), tag);
  CHECK(memcmp(tag, poly_tag, 16) == 0);
  uint8_t two[32] = {2}, ones[16], three[16] = {3}; // 2^130 - 1 wraps: appendix A.3, vector 7
  memset(ones, 255, 16);
  poly1305(two, ones, 16, tag);
  CHECK(memcmp(tag, three, 16) == 0);
  CHECK_EQ(siphash(key, key, HIDE((size_t)15)), 0xa129ca6149be45e5);
  CHECK_EQ(siphash(key, key, HIDE((size_t)0)), 0x726fdb47dd0e0e31);
  printf("%u %016llx\n", sum, (unsigned long long)siphash(key, copy, 199));
  return verdict();
}
