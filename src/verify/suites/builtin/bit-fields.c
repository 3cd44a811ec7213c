// Aims at: bit-fields: sign, width, neighbours kept, overflowing stores, straddling.
#include "check.h"
#include <stdint.h>
#include <string.h>

struct mixed { unsigned a : 3; signed b : 5; unsigned c : 11; signed d : 13; unsigned e : 32;
    _Bool f : 1; };
struct wide { uint64_t low : 33, middle : 20; int64_t high : 11; };
struct flags { unsigned read : 1, write : 1, execute : 1; unsigned : 0; unsigned other : 7; };
struct __attribute__((packed)) packed { unsigned kind : 5; unsigned length : 12; signed delta : 23;
    uint16_t plain; };
union view { struct { uint32_t mantissa : 23, exponent : 8, sign : 1; } part; float f; };

NOINLINE static void store_all(struct mixed *m, int v) {
  m->a = (unsigned)v & 7;
  m->b = (signed)((v & 31) ^ 16) - 16;
  m->c = (unsigned)v * 3u & 2047;
  m->d = -(v & 4095);
  m->e = (unsigned)v * 0x01010101u;
  m->f = v & 1;
}
NOINLINE static int pre_and_post(struct mixed *m) {
  int seen = (int)m->a++; // 3 bits: 7 becomes 0
  seen = seen * 100 + m->b--;
  return seen;
}
NOINLINE static unsigned neighbours(struct flags *f) {
  f->write = 1;
  f->read ^= 1;
  f->execute |= f->write & f->read;
  return f->read | f->write << 1 | (unsigned)f->execute << 2 | (unsigned)f->other << 3;
}
NOINLINE static struct wide rotate(struct wide w) {
  struct wide out;
  out.low = (uint64_t)w.high & 0x1ffffffff;
  out.middle = (uint64_t)w.low & 0xfffff;
  out.high = (int64_t)(w.middle & 1023) - 1;
  return out;
}
NOINLINE static int compare(struct wide a, struct wide b) {
  return a.low < b.low || (a.low == b.low && a.high < b.high);
}
NOINLINE static int promoted(struct mixed m) { return m.a - 7 < 0; } // a promotes to int
NOINLINE static int not_promoted(struct mixed m) { return m.e - 1 > 5u; }
NOINLINE static float next_exponent(float f) {
  union view v;
  v.f = f;
  v.part.exponent++;
  v.part.sign ^= 1;
  return v.f;
}
NOINLINE static long sum_packed(const struct packed *p, int n) {
  long sum = 0;
  for (int i = 0; i < n; i++) sum = sum * 3 + p[i].kind - p[i].length + p[i].delta * 2 + p[i].plain;
  return sum;
}

int main(void) {
  struct mixed m;
  memset(&m, 0xff, sizeof m);
  CHECK(m.a == 7 && m.b == -1 && m.c == 2047 && m.d == -1 && m.e == UINT32_MAX);
  long sum = 0;
  for (int v = 0; v < 5000; v += 37) {
    store_all(&m, HIDE(v));
    int wanted_b = v % 32 < 16 ? v % 32 : v % 32 - 32;
    CHECK(m.a == (unsigned)v % 8 && m.b == wanted_b && m.c == (unsigned)v * 3 % 2048);
    CHECK(m.d == -(v % 4096) && m.e == (uint32_t)v * 16843009u && m.f == v % 2);
    sum = sum * 5 % 1000003 + m.b + m.d;
  }
  m.a = 7, m.b = HIDE(-15);
  CHECK_EQ(pre_and_post(&m), 685);
  CHECK(m.a == 0 && m.b == -16);
  CHECK(promoted(m) == 1);
  m.e = 0;
  CHECK(not_promoted(m) == 1);

  struct flags f = {0, 0, 0, 85};
  CHECK_EQ(neighbours(&f), 7 + 8 * 85);
  CHECK_EQ(neighbours(&f), 6 + 8 * 85);
  struct wide w = {HIDE(0x1abcdef01ull), 0xfffff, -3}, r = rotate(w);
  CHECK(r.low == 0x1fffffffd && r.middle == 0xdef01 && r.high == 1022);
  r = rotate(rotate(r));
  CHECK(r.low == (0xdef01 & 1023) - 1 && r.middle == 1022 && r.high == (0xffffd & 1023) - 1);
  CHECK(compare(r, w) && !compare(w, r) && !compare(w, w));
  CHECK(next_exponent(HIDE(1.5f)) == -3.0f && next_exponent(HIDE(-0.25f)) == 0.5f);

  CHECK_EQ(sizeof(struct packed), 7);
  struct packed p[4];
  long wanted = 0;
  for (int i = 0; i < 4; i++) {
    p[i].delta = HIDE(-i * 1000001);
    p[i].kind = (unsigned)(31 - i);
    p[i].plain = (uint16_t)(60000 + i);
    p[i].length = (unsigned)(4095 - i * 7);
    wanted = wanted * 3 + (31 - i) - (4095 - i * 7) - 2 * i * 1000001 + 60000 + i;
  }
  CHECK_EQ(sum_packed(p, 4), wanted);
  printf("%ld %ld\n", sum, wanted);
  return verdict();
}
