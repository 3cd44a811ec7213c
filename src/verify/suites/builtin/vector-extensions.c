// Aims at: vector types: arithmetic, comparisons to masks, shifts, conversions, indexing.
#include "check.h"
#include <stdint.h>
#include <string.h>

typedef int32_t v4i __attribute__((vector_size(16)));
typedef uint32_t v4u __attribute__((vector_size(16)));
typedef float v4f __attribute__((vector_size(16)));
typedef double v2d __attribute__((vector_size(16)));
typedef int64_t v2l __attribute__((vector_size(16)));
typedef uint8_t v16b __attribute__((vector_size(16)));
typedef uint16_t v8h __attribute__((vector_size(16)));
typedef int8_t v8c __attribute__((vector_size(8)));

NOINLINE static void add_scaled(v4i *r, const v4i *a, const v4i *b) { *r = *a * 3 - *b + 1; }
NOINLINE static void quotient(v4i *r, const v4i *a, const v4i *b) { *r = *a / *b * 100 + *a % *b; }
NOINLINE static void shifted(v4u *r, const v4u *a, const v4u *n) {
  *r = (*a << *n) ^ (*a >> (31 - *n));
}
NOINLINE static void arithmetic_shift(v4i *r, const v4i *a) { *r = *a >> 4; }
NOINLINE static void larger(v4i *r, const v4i *a, const v4i *b) {
  v4i m = *a > *b;
  *r = (*a & m) | (*b & ~m);
}
NOINLINE static void unsigned_less(v4i *r, const v4u *a, const v4u *b) { *r = (v4i)(*a < *b); }
NOINLINE static void float_mask(v4i *r, const v4f *a, const v4f *b) {
  *r = (*a < *b) | ((*a != *a) & 2);
}
NOINLINE static float dot(const v4f *a, const v4f *b) {
  v4f p = *a * *b;
  return p[0] + p[1] + p[2] + p[3];
}
NOINLINE static double set_and_get(v2d *v, int i, double x) {
  (*v)[i] = x;
  return (*v)[0] * 10 + (*v)[1];
}
NOINLINE static void negate(v4f *v) { *v = -*v; }
NOINLINE static v4i by_value(v4i a, v4i b) { return a + b * 10; }
NOINLINE static v8h narrow_wrap(v8h a) { return a * a + 1; }
NOINLINE static v8c small(v8c a, v8c b) { return (v8c)(a ^ b) + (a & b); }
NOINLINE static uint32_t reinterpret(const v4f *f, int i) { v4u u = (v4u)*f; return u[i]; }
NOINLINE static v2l wide_multiply(v2l a, v2l b) { return a * b - (a ^ b); }
struct holder { char tag; v4i v; short after; };
NOINLINE static struct holder pass(struct holder h) { h.v += h.tag; h.after++; return h; }
NOINLINE static uint32_t checksum(const uint8_t *p, int n) { // a manual reduction
  v4u sum = {0, 0, 0, 0}, weighted = {0, 0, 0, 0};
  for (int i = 0; i + 4 <= n; i += 4) {
    v4u now = {p[i], p[i + 1], p[i + 2], p[i + 3]};
    sum += now;
    weighted += sum;
  }
  return sum[0] + 2 * sum[1] + 3 * sum[2] + 4 * sum[3] + (weighted[0] ^ weighted[3]);
}
NOINLINE static int equal_bytes(const uint8_t *a, const uint8_t *b) {
  v16b x, y;
  memcpy(&x, a, 16);
  memcpy(&y, b, 16);
  v16b m = (v16b)(x == y);
  int n = 0;
  for (int i = 0; i < 16; i++) n += m[i] == 255;
  return n;
}

int main(void) {
  v4i a = {HIDE(1), -200, 30000, INT32_MIN + 5}, b = {7, HIDE(-3), 11, 2}, r;
  add_scaled(&r, &(v4i){1, 2, HIDE(-3), 4}, &b);
  CHECK(r[0] == -3 && r[1] == 10 && r[2] == -19 && r[3] == 11);
  quotient(&r, &(v4i){HIDE(100), -100, 100, -7}, &b);
  CHECK(r[0] == 1402 && r[1] == 3299 && r[2] == 901 && r[3] == -301);
  v4u u = {1, 0x80000001u, HIDE(0xdeadbeefu), 12345}, n = {0, HIDE(4u), 31, 16}, ur;
  shifted(&ur, &u, &n);
  for (int i = 0; i < 4; i++) CHECK_EQ(ur[i], u[i] << n[i] ^ u[i] >> (31 - n[i]));
  arithmetic_shift(&r, &a);
  CHECK(r[0] == 0 && r[1] == -13 && r[2] == 1875 && r[3] == INT32_MIN / 16);
  larger(&r, &a, &b);
  CHECK(r[0] == 7 && r[1] == -3 && r[2] == 30000 && r[3] == 2);
  v4u small_u = {0, 0x7fffffff, 5, UINT32_MAX}, large_u = {1, HIDE(0x80000000u), 5, 0};
  unsigned_less(&r, &small_u, &large_u);
  CHECK(r[0] == -1 && r[1] == -1 && r[2] == 0 && r[3] == 0);
  float nan = HIDE(0.0f) / HIDE(0.0f);
  v4f f = {1.5f, nan, -0.0f, 2}, g = {HIDE(2.5f), 1, 0.0f, -4};
  float_mask(&r, &f, &g);
  CHECK(r[0] == -1 && r[1] == 2 && r[2] == 0 && r[3] == 0);
  CHECK(dot(&(v4f){1, 2, 3, HIDE(4.0f)}, &g) == 2.5f + 2 - 16);
  v2d d = {1, 2};
  CHECK(set_and_get(&d, HIDE(1), 5) == 15 && set_and_get(&d, HIDE(0), 0.5) == 10);
  negate(&f);
  CHECK(reinterpret(&f, HIDE(2)) == 0 && reinterpret(&f, HIDE(0)) == 0xbfc00000);
  r = by_value(a, b);
  CHECK(r[0] == 71 && r[1] == -230 && r[3] == INT32_MIN + 25);
  v8h h = narrow_wrap((v8h){HIDE((uint16_t)300), 2, 3, 65532, 255, 256, 100, 181});
  CHECK(h[0] == (uint16_t)90001 && h[5] == 1 && h[3] == 17 && h[7] == 32762);
  v8c c = small((v8c){1, 2, 3, HIDE((int8_t)-1), 100, 5, 6, 7}, (v8c){3, 2, 1, 127, 50, 5, 6, -7});
  CHECK(c[0] == 3 && c[3] == -1 && c[5] == 5 && c[7] == 0 - 1);
  v2l w = wide_multiply((v2l){HIDE((int64_t)3037000499), -5}, (v2l){3037000499, 7});
  CHECK(w[0] == 3037000499 * 3037000499 && w[1] == -35 - (-5 ^ 7));
  struct holder x = {3, {1, 2, 3, 4}, 9}, y = pass(x);
  CHECK(y.v[3] == 7 && y.after == 10 && x.v[3] == 4 && x.after == 9);
  uint8_t bytes[32], turned[16];
  for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(i * 9);
  memcpy(turned, bytes, 16);
  turned[5] ^= 1, turned[15] = 0;
  CHECK(equal_bytes(bytes, turned) == 14 && equal_bytes(bytes, bytes) == 16);
  uint32_t s[4] = {0}, t[4] = {0};
  for (volatile int i = 0; i < 32; i++) s[i % 4] += bytes[i], t[i % 4] += s[i % 4];
  CHECK_EQ(checksum(bytes, HIDE(32)), s[0] + 2 * s[1] + 3 * s[2] + 4 * s[3] + (t[0] ^ t[3]));
  printf("%u %d\n", checksum(bytes, 32), h[7]);
  return verdict();
}
