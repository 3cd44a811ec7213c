// Aims at: shuffles, inserts, extracts and conversions of vectors; byte reversal, transposes.
#include "check.h"
#include <stdint.h>
#include <string.h>

typedef int32_t v4i __attribute__((vector_size(16)));
typedef float v4f __attribute__((vector_size(16)));
typedef double v4d __attribute__((vector_size(32)));
typedef uint8_t v16b __attribute__((vector_size(16)));
typedef int16_t v8h __attribute__((vector_size(16)));

// Both compilers know this one since gcc 12.
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

static v4i load(const int32_t *p) { v4i v; memcpy(&v, p, sizeof v); return v; }
static void save(int32_t *p, v4i v) { memcpy(p, &v, sizeof v); }

NOINLINE static void reverse(int32_t *p) { v4i v = load(p); save(p, SHUFFLE(v, v, 3, 2, 1, 0)); }
NOINLINE static void rotate_twice(int32_t *p) {
  v4i v = load(p);
  v = SHUFFLE(v, v, 1, 2, 3, 0);
  save(p, SHUFFLE(v, v, 1, 2, 3, 0));
}
NOINLINE static void identity(int32_t *p) {
  v4i v = load(p), w = SHUFFLE(v, v, 2, 3, 0, 1);
  save(p, SHUFFLE(w, w, 2, 3, 0, 1));
}
NOINLINE static void splat(int32_t *p, int lane) {
  int32_t x = load(p)[lane];
  save(p, (v4i){x, x, x, x});
}
NOINLINE static void interleave(const int32_t *a, const int32_t *b, int32_t *to) {
  v4i x = load(a), y = load(b);
  save(to, SHUFFLE(x, y, 0, 4, 1, 5));
  save(to + 4, SHUFFLE(x, y, 2, 6, 3, 7));
}
NOINLINE static void transpose(int32_t *m) {
  v4i a = load(m), b = load(m + 4), c = load(m + 8), d = load(m + 12);
  v4i ab = SHUFFLE(a, b, 0, 4, 1, 5), AB = SHUFFLE(a, b, 2, 6, 3, 7);
  v4i cd = SHUFFLE(c, d, 0, 4, 1, 5), CD = SHUFFLE(c, d, 2, 6, 3, 7);
  save(m, SHUFFLE(ab, cd, 0, 1, 4, 5));
  save(m + 4, SHUFFLE(ab, cd, 2, 3, 6, 7));
  save(m + 8, SHUFFLE(AB, CD, 0, 1, 4, 5));
  save(m + 12, SHUFFLE(AB, CD, 2, 3, 6, 7));
}
NOINLINE static uint32_t byte_reverse(uint32_t x) {
  v4i v = {(int32_t)x, 0, 0, 0};
  v16b b = (v16b)v;
  b = SHUFFLE(b, b, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  return (uint32_t)((v4i)b)[0];
}
NOINLINE static int horizontal(const int32_t *p) {
  v4i v = load(p);
  v += SHUFFLE(v, v, 2, 3, 0, 1);
  v += SHUFFLE(v, v, 1, 0, 3, 2);
  return v[0];
}
NOINLINE static void prefix(int32_t *p) {
  v4i v = load(p), zero = {0, 0, 0, 0};
  v += SHUFFLE(zero, v, 0, 4, 5, 6);
  v += SHUFFLE(zero, v, 0, 1, 4, 5);
  save(p, v);
}
NOINLINE static void blend(int32_t *p, const int32_t *q) {
  v4i a = load(p), b = load(q);
  save(p, SHUFFLE(a, b, 0, 5, 2, 7));
}
NOINLINE static void converted(const float *from, double *to, int32_t *whole) {
  v4f f;
  memcpy(&f, from, sizeof f);
  v4d d = __builtin_convertvector(f, v4d);
  v4i i = __builtin_convertvector(d * 2, v4i);
  memcpy(to, &d, sizeof d);
  save(whole, i);
}
NOINLINE static int16_t insert_and_extract(int16_t *p, int at) {
  v8h v;
  memcpy(&v, p, sizeof v);
  v[at] = (int16_t)(v[7 - at] * 2);
  v[3]++;
  memcpy(p, &v, sizeof v);
  return (int16_t)(v[at] + v[3]);
}
// Four equal operations side by side.
NOINLINE static void built_from_scalars(int a, int b, int32_t *to) {
  to[0] = a + b * 2;
  to[1] = a - b * 2; // one of them differs
  to[2] = b + a * 2;
  to[3] = b + a * 3;
}

int main(void) {
  int32_t m[16], v[4] = {HIDE(1), 2, 3, 4}, w[4] = {10, 20, 30, HIDE(40)}, both[8];
  for (int i = 0; i < 16; i++) m[i] = HIDE(i * i);
  transpose(m);
  for (int i = 0; i < 4; i++) for (int j = 0; j < 4; j++) CHECK_EQ(m[i * 4 + j],
      (j * 4 + i) * (j * 4 + i));
  reverse(v);
  CHECK(v[0] == 4 && v[1] == 3 && v[3] == 1);
  rotate_twice(v);
  CHECK(v[0] == 2 && v[1] == 1 && v[2] == 4 && v[3] == 3);
  identity(v);
  CHECK(v[0] == 2 && v[1] == 1 && v[2] == 4 && v[3] == 3);
  interleave(v, w, both);
  const int32_t wanted[] = {2, 10, 1, 20, 4, 30, 3, 40};
  CHECK(memcmp(both, wanted, sizeof wanted) == 0);
  CHECK_EQ(horizontal(w), 100);
  prefix(w);
  CHECK(w[0] == 10 && w[1] == 30 && w[2] == 60 && w[3] == 100);
  blend(v, w);
  CHECK(v[0] == 2 && v[1] == 30 && v[2] == 4 && v[3] == 100);
  splat(v, HIDE(1));
  CHECK(v[0] == 30 && v[3] == 30);
  CHECK_EQ(byte_reverse(HIDE(0x01020384u)), 0x84030201u);
  float f[4] = {1.25f, HIDE(-2.75f), 1e-30f, 1000.5f};
  double d[4];
  converted(f, d, v);
  CHECK(d[1] == -2.75 && d[2] == (double)1e-30f && v[0] == 2 && v[1] == -5 && v[2] == 0
      && v[3] == 2001);
  int16_t h[8] = {1, 2, 3, 4, 5, 6, 7, HIDE((int16_t)20000)};
  CHECK_EQ(insert_and_extract(h, HIDE(0)), (int16_t)(40000 + 5));
  CHECK(h[0] == (int16_t)40000 && h[3] == 5);
  CHECK(insert_and_extract(h, HIDE(3)) == 22 && h[3] == 11);
  built_from_scalars(HIDE(5), HIDE(7), v);
  CHECK(v[0] == 19 && v[1] == -9 && v[2] == 17 && v[3] == 22);
  printf("%d %d %g\n", m[7], h[0], d[3]);
  return verdict();
}
