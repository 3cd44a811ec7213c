// Aims at: narrow loads and stores merged into wide ones, with byte orders, gaps and conflicts.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static void put_le(uint8_t *to, uint64_t v) {
  for (int i = 0; i < 8; i++) to[i] = (uint8_t)(v >> (8 * i));
}
NOINLINE static void put_be(uint8_t *to, uint32_t v) {
  to[0] = (uint8_t)(v >> 24); to[1] = (uint8_t)(v >> 16);
  to[2] = (uint8_t)(v >> 8);  to[3] = (uint8_t)v;
}
NOINLINE static uint32_t get_be(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
NOINLINE static uint32_t get_le_with_hole(const uint8_t *p) { // byte 2 is not byte 2
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[3] << 24;
}
NOINLINE static int32_t get_signed(const int8_t *p) { // sign extension reaches over the higher byte
  return (int32_t)(p[0] | (int32_t)((uint32_t)p[1] << 8));
}
NOINLINE static void interleaved(uint16_t *h, uint16_t *between) {
  h[0] = 1;
  h[1] = 2;
  uint16_t seen = *between; // may be h[1]
  h[2] = seen;
  h[3] = 4;
}
struct header { uint8_t version, kind; uint16_t length; uint32_t id; };
NOINLINE static struct header *fill(struct header *h, int twice) {
  h->version = 1;
  h->kind = 2;
  h->length = 0x0304;
  if (twice) h->kind = 9;
  h->id = 0x05060708;
  return h;
}
NOINLINE static void zeros_with_exception(uint8_t *p, int at) {
  p[0] = 0; p[1] = 0; p[2] = 0; p[3] = 0;
  p[at] = 0xee;
  p[4] = 0; p[5] = 0; p[6] = 0; p[7] = 0;
}

int main(void) {
  uint8_t bytes[16] = {0};
  uint64_t v = HIDE(0x0123456789abcdefull), back;
  put_le(bytes + 3, v); // unaligned on purpose
  memcpy(&back, bytes + 3, 8);
  CHECK_EQ(back, v);
  put_be(bytes + 5, HIDE(0xcafebabeu));
  CHECK_EQ(bytes[5], 0xca);
  CHECK_EQ(bytes[8], 0xbe);
  CHECK_EQ(get_be(bytes + 5), 0xcafebabeu);
  CHECK_EQ(get_be(bytes + 4), 0xcdcafebau);
  CHECK_EQ(get_le_with_hole(bytes + 5), 0xbefefecau);

  int8_t pair[2] = {HIDE((int8_t)-2), HIDE((int8_t)1)};
  CHECK_EQ(get_signed(pair), -2);
  pair[0] = 2;
  CHECK_EQ(get_signed(pair), 0x102);

  uint16_t h[4] = {0}, other = HIDE((uint16_t)77);
  interleaved(h, &other);
  CHECK_EQ(h[2], 77);
  interleaved(h, &h[1]);
  CHECK_EQ(h[2], 2);
  interleaved(h, &h[2]);
  CHECK_EQ(h[2], 2);

  struct header header;
  uint64_t image;
  memcpy(&image, fill(&header, HIDE(0)), 8);
  CHECK_EQ(image, 0x0506070803040201ull);
  memcpy(&image, fill(&header, HIDE(1)), 8);
  CHECK_EQ(image, 0x0506070803040901ull);

  for (int at = 0; at < 8; at++) {
    zeros_with_exception(bytes, HIDE(at));
    CHECK_EQ(bytes[at], at < 4 ? 0xee : 0);
  }
  printf("%llx %x\n", (unsigned long long)image, get_be(bytes + 8));
  return verdict();
}
