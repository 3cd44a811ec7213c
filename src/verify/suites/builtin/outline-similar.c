// Aims at: outlining of repeated code: same sequences with other operands, outputs, orders.
#include "check.h"
#include <stdint.h>

struct state { uint32_t a, b, c, d; int log[8]; int logged; };

static inline void note(struct state *s, int v) { s->log[s->logged++ & 7] = v; }

// Six places run nearly the same dozen of operations; each differs somewhere.
NOINLINE static uint32_t blue(struct state *s, uint32_t x) {
  uint32_t t = (x ^ s->a) * 0x9e3779b1u;
  t ^= t >> 15;
  t += s->b << 3;
  s->c = t ^ s->d;
  note(s, 1);
  return t * 5 + s->c;
}
NOINLINE static uint32_t green(struct state *s, uint32_t x) {
  uint32_t t = (x ^ s->a) * 0x9e3779b1u;
  t ^= t >> 15;
  t += s->b << 3;
  s->d = t ^ s->c; // c and d changed places
  note(s, 2);
  return t * 5 + s->d;
}
NOINLINE static uint32_t red(struct state *s, uint32_t x) {
  uint32_t t = (x ^ s->b) * 0x9e3779b1u; // b for a
  t ^= t >> 15;
  t += s->a << 3;
  s->c = t ^ s->d;
  note(s, 3);
  return s->c * 5 + t; // outputs change places
}
NOINLINE static uint32_t grey(struct state *s, uint32_t x) {
  uint32_t t = (x ^ s->a) * 0x9e3779b1u;
  t ^= (uint32_t)((int32_t)t >> 15); // arithmetic shift
  t += s->b << 3;
  s->c = t ^ s->d;
  note(s, 4);
  return t * 5 + s->c;
}
NOINLINE static uint32_t early(struct state *s, uint32_t x) {
  uint32_t t = (x ^ s->a) * 0x9e3779b1u;
  t ^= t >> 15;
  if (t & 1) { note(s, 5); return t; } // leaves in the middle
  t += s->b << 3;
  s->c = t ^ s->d;
  note(s, 6);
  return t * 5 + s->c;
}
// Both copies in one function.
NOINLINE static uint32_t twice(struct state *s, uint32_t x, uint32_t y) {
  uint32_t t = (x ^ s->a) * 0x9e3779b1u;
  t ^= t >> 15;
  t += s->b << 3;
  s->c = t ^ s->d;
  note(s, 7);
  uint32_t first = t * 5 + s->c;
  t = (y ^ s->a) * 0x9e3779b1u;
  t ^= t >> 15;
  t += s->b << 3;
  s->c = t ^ s->d;
  note(s, 8);
  return first - (t * 5 + s->c);
}

// The same by a table of choices, slowly.
static uint32_t model(struct state *s, uint32_t x, int variant) {
  volatile uint32_t t = x ^ (variant == 3 ? s->b : s->a);
  t = t * 0x9e3779b1u;
  t = t ^ (t / 32768 | (variant == 4 && t >> 31 ? 0xfffe0000u : 0));
  if (variant == 5 && t % 2) { note(s, 5); return t; }
  t = t + (variant == 3 ? s->a : s->b) * 8;
  uint32_t *to = variant == 2 ? &s->d : &s->c, *from = variant == 2 ? &s->c : &s->d;
  *to = t ^ *from;
  note(s, variant == 5 ? 6 : variant);
  return variant == 3 ? *to * 5 + t : t * 5 + *to;
}
static int same(const struct state *x, const struct state *y) {
  for (int i = 0; i < 8; i++) if (x->log[i] != y->log[i]) return 0;
  return x->a == y->a && x->b == y->b && x->c == y->c && x->d == y->d && x->logged == y->logged;
}

int main(void) {
  struct state s = {HIDE(1u), 2, 3, 4, {0}, 0}, m = s;
  uint32_t x = HIDE(99u), sum = 0;
  uint32_t (*const f[])(struct state *, uint32_t) = {blue, green, red, grey, early};
  for (int round = 0; round < 200; round++) {
    int v = (int)(x >> 7) % 6;
    uint32_t seen, wanted;
    if (v < 5) {
      seen = f[v](&s, x);
      wanted = model(&m, x, v + 1);
    } else {
      seen = twice(&s, x, ~x);
      wanted = model(&m, x, 7);
      wanted -= model(&m, ~x, 8);
    }
    CHECK_EQ(seen, wanted);
    CHECK(same(&s, &m));
    s.a = m.a += seen;
    s.b = m.b ^= seen >> 3;
    x = x * 1664525 + 1013904223;
    sum = sum * 31 + seen;
  }
  printf("%u %d\n", sum, s.logged);
  return verdict();
}
