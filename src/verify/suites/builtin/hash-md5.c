// Aims at: MD5, its four rounds written by macro with rotating arguments.
#include "check.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

#define F(x, y, z) (((x) & (y)) | (~(x) & (z)))
#define G(x, y, z) (((x) & (z)) | ((y) & ~(z)))
#define H(x, y, z) ((x) ^ (y) ^ (z))
#define J(x, y, z) ((y) ^ ((x) | ~(z)))
#define STEP(f, a, b, c, d, w, s, t) a += f(b, c, d) + (w) + (t), a = (a << (s) | a >> (32 - (s))) + b

static uint32_t sines[64];

NOINLINE static void unrolled(uint32_t *h, const uint32_t *w) {
  uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
#define FOUR(f, i, k0, k1, k2, k3, s0, s1, s2, s3) \
  STEP(f, a, b, c, d, w[k0], s0, sines[i]); STEP(f, d, a, b, c, w[k1], s1, sines[i + 1]); \
  STEP(f, c, d, a, b, w[k2], s2, sines[i + 2]); STEP(f, b, c, d, a, w[k3], s3, sines[i + 3]);
  FOUR(F, 0, 0, 1, 2, 3, 7, 12, 17, 22) FOUR(F, 4, 4, 5, 6, 7, 7, 12, 17, 22)
  FOUR(F, 8, 8, 9, 10, 11, 7, 12, 17, 22) FOUR(F, 12, 12, 13, 14, 15, 7, 12, 17, 22)
  FOUR(G, 16, 1, 6, 11, 0, 5, 9, 14, 20) FOUR(G, 20, 5, 10, 15, 4, 5, 9, 14, 20)
  FOUR(G, 24, 9, 14, 3, 8, 5, 9, 14, 20) FOUR(G, 28, 13, 2, 7, 12, 5, 9, 14, 20)
  FOUR(H, 32, 5, 8, 11, 14, 4, 11, 16, 23) FOUR(H, 36, 1, 4, 7, 10, 4, 11, 16, 23)
  FOUR(H, 40, 13, 0, 3, 6, 4, 11, 16, 23) FOUR(H, 44, 9, 12, 15, 2, 4, 11, 16, 23)
  FOUR(J, 48, 0, 7, 14, 5, 6, 10, 15, 21) FOUR(J, 52, 12, 3, 10, 1, 6, 10, 15, 21)
  FOUR(J, 56, 8, 15, 6, 13, 6, 10, 15, 21) FOUR(J, 60, 4, 11, 2, 9, 6, 10, 15, 21)
  h[0] += a, h[1] += b, h[2] += c, h[3] += d;
}
NOINLINE static void rolled(uint32_t *h, const uint32_t *w) { // the same as a loop with a switch
  static const uint8_t turns[4][4] =
      {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
  for (unsigned i = 0; i < 64; i++) {
    uint32_t f;
    unsigned at;
    switch (i >> 4) {
    case 0: f = F(b, c, d); at = i; break;
    case 1: f = G(b, c, d); at = (5 * i + 1) % 16; break;
    case 2: f = H(b, c, d); at = (3 * i + 5) % 16; break;
    default: f = J(b, c, d); at = 7 * i % 16;
    }
    uint32_t t = a + f + sines[i] + w[at], n = turns[i >> 4][i & 3];
    a = d, d = c, c = b;
    b += t << n | t >> (32 - n);
  }
  h[0] += a, h[1] += b, h[2] += c, h[3] += d;
}
typedef void transform(uint32_t *, const uint32_t *);
NOINLINE static void digest(transform *f, const char *text, size_t n, char *hex) {
  uint32_t h[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}, w[16];
  uint8_t block[64];
  int marked = 0;
  for (size_t at = 0;; at += 64) {
    size_t part = at >= n ? 0 : n - at < 64 ? n - at : 64;
    memset(block, 0, sizeof block);
    memcpy(block, text + (part ? at : 0), part);
    if (part < 64 && !marked) block[part] = 0x80, marked = 1;
    int last = marked && part < 56;
    memcpy(w, block, sizeof w); // little-endian
    if (last) w[14] = (uint32_t)n << 3, w[15] = (uint32_t)(n >> 29);
    f(h, w);
    if (last) break;
  }
  for (int i = 0; i < 16; i++) sprintf(hex + 2 * i, "%02x", h[i / 4] >> i % 4 * 8 & 255);
}

int main(void) {
  for (int i = 0; i < 64; i++) sines[i] =
      (uint32_t)(int64_t)(fabs(sin(HIDE(i) + 1)) * 4294967296.0);
  CHECK(sines[0] == 0xd76aa478 && sines[63] == 0xeb86d391 && sines[31] == 0x8d2a4c8a);
  static const struct { const char *text, *md5; } vectors[] = {
      {"", "d41d8cd98f00b204e9800998ecf8427e"},
      {"a", "0cc175b9c0f1b6a831c399e269772661"},
      {"abc", "900150983cd24fb0d6963f7d28e17f72"},
      {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
      {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
      {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
          "57edf4a22be3c955ac49da2e2107b67a"}};
  char one[33], two[33];
  for (unsigned i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    digest(unrolled, HIDE(vectors[i].text), strlen(vectors[i].text), one);
    digest(rolled, vectors[i].text, strlen(vectors[i].text), two);
    CHECK(strcmp(one, vectors[i].md5) == 0 && strcmp(two, one) == 0);
    puts(one);
  }
  char filler[130];
  memset(filler, 'z', sizeof filler);
  for (size_t n = 50; n < 130; n++) {
    digest(unrolled, filler, n, one);
    digest(rolled, filler, n, two);
    CHECK(strcmp(one, two) == 0);
  }
  puts(one);
  return verdict();
}
