// Aims at: SHA-256 with its message schedule, on known vectors.
#include "check.h"
#include <stdint.h>
#include <string.h>

struct sha { uint32_t h[8]; uint64_t length; uint8_t block[64]; unsigned used; };

static uint32_t rotr(uint32_t v, int n) { return v >> n | v << (32 - n); }

// The constants are fractions of roots of the first primes: computed, not tabled.
static uint32_t k[64], start[8];
static uint32_t root_bits(int p, int cube) { // 32 bits after the point, by integer bisection
  unsigned __int128 wanted = (unsigned __int128)p << (cube ? 96 : 64), low = 0, high =
      (unsigned __int128)1 << 36;
  while (high - low > 1) {
    unsigned __int128 mid = (low + high) / 2;
    if ((cube ? mid * mid * mid : mid * mid) <= wanted) low = mid;
    else high = mid;
  }
  return (uint32_t)low;
}
NOINLINE static void prepare(void) {
  int found = 0;
  for (int p = 2; found < 64; p++) {
    int prime = 1;
    for (int d = 2; d * d <= p; d++) if (p % d == 0) prime = 0;
    if (!prime) continue;
    if (found < 8) start[found] = root_bits(p, 0);
    k[found++] = root_bits(p, 1);
  }
}
NOINLINE static void compress(uint32_t *h, const uint8_t *p) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++) w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
      (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) + w[i - 7] +
        (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
  }
  memcpy(v, h, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t e = v[4], a = v[0];
    uint32_t t = v[7] + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & v[5]) ^ (~e & v[6])) +
        k[i] + w[i];
    uint32_t u = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) +
        ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t;
    v[0] = t + u;
  }
  for (int i = 0; i < 8; i++) h[i] += v[i];
}
static void init(struct sha *s) { memset(s, 0, sizeof *s); memcpy(s->h, start, sizeof start); }
NOINLINE static void update(struct sha *s, const void *data, size_t n) {
  const uint8_t *p = data;
  s->length += n;
  while (n) {
    size_t part = 64 - s->used < n ? 64 - s->used : n;
    memcpy(s->block + s->used, p, part);
    s->used += (unsigned)part, p += part, n -= part;
    if (s->used == 64) compress(s->h, s->block), s->used = 0;
  }
}
NOINLINE static void finish(struct sha *s, char *hex) {
  uint64_t bits = s->length * 8;
  update(s, "\x80", 1);
  while (s->used != 56) update(s, "", 1);
  uint8_t tail[8];
  for (int i = 0; i < 8; i++) tail[i] = (uint8_t)(bits >> (56 - 8 * i));
  update(s, tail, 8);
  for (int i = 0; i < 32; i++) {
    unsigned b = s->h[i / 4] >> (24 - i % 4 * 8) & 255;
    hex[2 * i] = "0123456789abcdef"[b >> 4];
    hex[2 * i + 1] = "0123456789abcdef"[b & 15];
  }
  hex[64] = 0;
}
static void digest(const void *p, size_t n, char *hex) {
  struct sha s;
  init(&s);
  update(&s, p, n);
  finish(&s, hex);
}

int main(void) {
  prepare();
  CHECK(k[0] == 0x428a2f98 && k[63] == 0xc67178f2 && start[0] == 0x6a09e667
      && start[7] == 0x5be0cd19);
  char hex[65], other[65];
  digest("", HIDE((size_t)0), hex);
  CHECK(strcmp(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0);
  digest("abc", HIDE((size_t)3), hex);
  CHECK(strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0);
  digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", HIDE((size_t)56), hex);
  CHECK(strcmp(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1") == 0);
  puts(hex);
  uint8_t data[300];
  for (int i = 0; i < 300; i++) data[i] = (uint8_t)(i * i);
  digest(data, 300, hex);
  for (size_t part = 1; part < 140; part += 23) {
    struct sha s;
    init(&s);
    for (size_t at = 0; at < 300; at += part) update(&s, data + at, at + part > 300 ? 300 - at
        : part);
    finish(&s, other);
    CHECK(strcmp(hex, other) == 0);
  }
  puts(hex);
  return verdict();
}
