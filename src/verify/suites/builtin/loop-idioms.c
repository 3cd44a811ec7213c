// Aims at: loops recognised as strlen, popcount, ctz, copy, sum formula, and near misses of each.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static size_t length(const char *s) { size_t n = 0; while (s[n]) n++; return n; }
NOINLINE static size_t length_by_pointer(const char *s) {
  const char *p = s;
  while (*p) p++;
  return (size_t)(p - s);
}
NOINLINE static size_t length_bounded(const char *s, size_t max) {
  size_t n = 0;
  while (n < max && s[n]) n++;
  return n;
}
NOINLINE static size_t until_blank(const char *s) {
  size_t n = 0;
  while (s[n] != ' ' && s[n]) n++;
  return n;
}
NOINLINE static size_t wide_length(const uint16_t *s) { size_t n = 0; while (s[n]) n++; return n; }
NOINLINE static int popcount(uint32_t v) { int n = 0; while (v) { v &= v - 1; n++; } return n; }
NOINLINE static int popcount_and_trace(uint32_t v, uint32_t *last) {
  int n = 0;
  while (v) { *last = v; v &= v - 1; n++; }
  return n;
}
NOINLINE static int not_popcount(uint32_t v) {
  int n = 0;
  while (v) { v &= v - 2; v &= ~1u; n += 2; }
  return n;
}
NOINLINE static int bit_width(uint64_t v) { int n = 0; while (v >>= 1) n++; return n; }
// Stops at once below 0.
NOINLINE static int signed_width(int32_t v) { int n = 0; while (v > 0) { v >>= 1; n++; } return n; }
NOINLINE static int trailing(uint32_t v) {
  int n = 0;
  while (v && !(v & 1)) { v >>= 1; n++; }
  return n;
}
NOINLINE static uint64_t gauss(uint64_t n) {
  uint64_t s = 0;
  for (uint64_t i = 1; i <= n; i++) s += i;
  return s;
}
NOINLINE static uint32_t powers(uint32_t x, unsigned n) {
  uint32_t r = 1;
  for (unsigned i = 0; i < n; i++) r *= x;
  return r;
}
NOINLINE static int odd_sum(int n) {
  int s = 0;
  for (int i = 1; i < 2 * n; i += 2) s += i;
  return s;
}
NOINLINE static void copy_with_stop(uint8_t *to, const uint8_t *from, int n) {
  for (int i = 0; i < n; i++) { if (from[i] == 255) return; to[i] = from[i]; }
}
NOINLINE static void copy_string(char *to, const char *from) { while ((*to++ = *from++)) ; }
NOINLINE static void copy_backwards(uint8_t *to, const uint8_t *from, int n) {
  for (int i = 0; i < n; i++) to[n - 1 - i] = from[i];
}
NOINLINE static void copy_strided(int *to, const int *from, int n) {
  for (int i = 0; i < n; i++) to[2 * i] = from[i];
}
NOINLINE static int same_bytes(const char *a, const char *b, int n) {
  for (int i = 0; i < n; i++) if (a[i] != b[i]) return 0;
  return 1;
}
NOINLINE static int first_difference(const char *a, const char *b, int n) {
  int i = 0;
  while (i < n && a[i] == b[i]) i++;
  return i;
}
NOINLINE static uint8_t crc8(const uint8_t *p, int n) {
  uint8_t crc = 0;
  while (n--) {
    crc ^= *p++;
    for (int k = 0; k < 8; k++) crc = (uint8_t)(crc & 0x80 ? crc << 1 ^ 0x07 : crc << 1);
  }
  return crc;
}
NOINLINE static uint32_t minimum_at(const uint32_t *p, int n, int *at) {
  uint32_t m = UINT32_MAX;
  for (int i = 0; i < n; i++) if (p[i] < m) { m = p[i]; *at = i; }
  return m;
}

int main(void) {
  char text[80], copy[80];
  for (int n = 1; n < 70; n += 3) {
    memset(text, 'x', sizeof text);
    text[n] = 0;
    const char *s = HIDE((const char *)text);
    CHECK(length(s) == (size_t)n && length_by_pointer(s) == (size_t)n);
    CHECK(length_bounded(s, 20) == (size_t)(n < 20 ? n : 20));
    text[n / 2] = ' ';
    CHECK_EQ(until_blank(s), n / 2);
    copy_string(copy, s);
    CHECK(strcmp(copy, text) == 0);
    CHECK(first_difference(copy, text, n + 1) == n + 1 && same_bytes(copy, text, n));
    copy[n / 2] = '!';
    CHECK(first_difference(copy, text, n + 1) == n / 2 && !same_bytes(copy, text, n + 1));
  }
  const uint16_t wide[] = {0x100, 0xff00, 1, 0, 5};
  CHECK_EQ(wide_length(wide), 3);
  uint32_t v = HIDE(0x12345678u), sum = 0;
  for (int i = 0; i < 100; i++, v = v * 1664525 + 1013904223) {
    uint32_t x = v >> i % 32, last = 0, bits = 0, top = 0;
    for (volatile int k = 0; k < 32; k++) if (x >> k & 1) bits++, top = (uint32_t)k;
    CHECK_EQ(popcount(x), bits);
    CHECK_EQ(popcount_and_trace(x, &last), bits);
    CHECK_EQ(last, x ? 1u << top : 0);
    CHECK_EQ(bit_width(x), top);
    CHECK_EQ(signed_width((int32_t)x), (int32_t)x > 0 ? top + 1 : 0);
    CHECK_EQ(trailing(x), x ? __builtin_ctz(x) : 0);
    uint32_t model = x, rounds = 0;
    for (; model; rounds += 2) model = model & (model - 2) & 0xfffffffe;
    CHECK_EQ(not_popcount(x), rounds);
    sum += rounds + last;
  }
  CHECK(gauss(HIDE(100ull)) == 5050 && gauss(0) == 0 && gauss(HIDE(60000ull)) == 1800030000);
  CHECK(powers(HIDE(3u), 20) == 3486784401u && powers(HIDE(2u), 40) == 0
      && powers(7, HIDE(0u)) == 1);
  CHECK(odd_sum(HIDE(100)) == 10000 && odd_sum(HIDE(-3)) == 0);
  uint8_t a[20], b[20] = {0};
  for (int i = 0; i < 20; i++) a[i] = (uint8_t)(i == 13 ? 255 : i + 1);
  copy_with_stop(b, a, HIDE(20));
  CHECK(b[12] == 13 && b[13] == 0 && b[14] == 0);
  copy_backwards(b, a, HIDE(20));
  CHECK(b[0] == 20 && b[19] == 1 && b[6] == 255);
  int from[5] = {1, 2, 3, 4, 5}, to[10] = {0};
  copy_strided(to, from, HIDE(5));
  CHECK(to[8] == 5 && to[7] == 0 && to[2] == 2);
  CHECK_EQ(crc8((const uint8_t *)"123456789", HIDE(9)), 0xf4);
  const uint32_t list[] = {9, 4, 7, 4, 8};
  int at = -1;
  CHECK(minimum_at(list, 5, &at) == 4 && at == 1 && minimum_at(list, HIDE(0), &at) == UINT32_MAX
      && at == 1);
  printf("%u\n", sum);
  return verdict();
}
