// Aims at: straight-line code ripe for SLP vectorisation: reductions, mixed operations.
#include "check.h"
#include <stdint.h>
#include <string.h>

struct pixel { uint8_t r, g, b, a; };
struct quad { double x, y, z, w; };

NOINLINE static void add_four(int *a, const int *b) {
  a[0] += b[0];
  a[1] += b[1];
  a[2] += b[2];
  a[3] += b[3];
}
NOINLINE static void add_reversed(int *a, const int *b) {
  a[0] += b[3];
  a[1] += b[2];
  a[2] += b[1];
  a[3] += b[0];
}
NOINLINE static void add_sub(int *a, const int *b) {
  a[0] += b[0];
  a[1] -= b[1];
  a[2] += b[2];
  a[3] -= b[3];
}
NOINLINE static void mixed(unsigned *a, unsigned k) {
  a[0] = a[0] << 1;
  a[1] = a[1] << k;
  a[2] = a[2] >> 3;
  a[3] = a[3] * 8;
}
NOINLINE static void overlap(int *a) {
  a[1] = a[0] + 1;
  a[2] = a[1] + 1;
  a[3] = a[2] + 1;
  a[4] = a[3] + 1;
}
NOINLINE static void shifted_window(int *a) {
  int p = a[0], q = a[1], r = a[2], s = a[3];
  a[1] = p;
  a[2] = q;
  a[3] = r;
  a[4] = s;
}
NOINLINE static int sum8(const int *p) {
  return p[0] + p[1] + p[2] + p[3] + p[4] + p[5] + p[6] + p[7];
}
NOINLINE static int xor_and_max(const int *p) {
  int x = p[0] ^ p[1] ^ p[2] ^ p[3], m = p[0];
  m = p[1] > m ? p[1] : m;
  m = p[2] > m ? p[2] : m;
  m = p[3] > m ? p[3] : m;
  return x * 1000 + m;
}
// In this order.
NOINLINE static float float_sum(const float *p) {
  return p[0] + p[1] + p[2] + p[3] + p[4] + p[5] + p[6] + p[7];
}
NOINLINE static struct quad rotate(struct quad q, double k) {
  struct quad r = {q.y * k, q.z * k, q.w * k, q.x * -k};
  return r;
}
NOINLINE static struct pixel blend(struct pixel p, struct pixel q, unsigned t) {
  struct pixel r;
  r.r = (uint8_t)((p.r * (255 - t) + q.r * t) / 255);
  r.g = (uint8_t)((p.g * (255 - t) + q.g * t) / 255);
  r.b = (uint8_t)((p.b * (255 - t) + q.b * t) / 255);
  r.a = (uint8_t)(p.a > q.a ? p.a : q.a);
  return r;
}
NOINLINE static void widen(int64_t *to, const int16_t *from) {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = (uint16_t)from[2];
  to[3] = from[3];
}
NOINLINE static void conditional(int *to, const int *a, int c) {
  to[0] = a[0] > c ? a[0] : -1;
  to[1] = a[1] > c ? a[1] : -1;
  to[2] = a[2] >= c ? a[2] : -1;
  to[3] = a[3] > c ? a[3] : -1;
}
NOINLINE static int used_again(int *a, const int *b) { // a scalar of the vector escapes
  int t0 = a[0] * b[0], t1 = a[1] * b[1], t2 = a[2] * b[2], t3 = a[3] * b[3];
  a[0] = t0; a[1] = t1; a[2] = t2; a[3] = t3;
  return t2 * 3 + a[1];
}
// Only lane 2 is guarded: no speculation of its division.
NOINLINE static void divisions(int *a, const int *b) {
  a[0] = a[0] / b[0];
  a[1] = a[1] / b[1];
  a[2] = b[2] ? a[2] / b[2] : 77;
  a[3] = a[3] / b[3];
}

int main(void) {
  int a[8] = {1, 2, 3, 4, 5, 6, 7, HIDE(8)}, b[8] = {10, 20, 30, HIDE(40), 50, 60, 70, 80};
  add_four(a, b);
  CHECK(a[0] == 11 && a[3] == 44 && a[4] == 5);
  add_reversed(a, b);
  CHECK(a[0] == 51 && a[1] == 52 && a[2] == 53 && a[3] == 54);
  add_sub(a, b);
  CHECK(a[0] == 61 && a[1] == 32 && a[2] == 83 && a[3] == 14);
  add_four(a + 1, a); // overlapping: every sum feeds the next
  CHECK(a[1] == 93 && a[2] == 176 && a[3] == 190 && a[4] == 195);
  add_reversed(a, a);
  CHECK(a[0] == 251 && a[1] == 269 && a[2] == 445 && a[3] == 441);
  unsigned u[4] = {HIDE(0x80000001u), 3, 0x80000008u, 0x30000000u};
  mixed(u, HIDE(5u));
  CHECK(u[0] == 2 && u[1] == 96 && u[2] == 0x10000001u && u[3] == 0x80000000u);
  overlap(a);
  CHECK(a[1] == 252 && a[4] == 255);
  shifted_window(a);
  CHECK(a[0] == 251 && a[1] == 251 && a[2] == 252 && a[4] == 254);
  CHECK_EQ(sum8(b), 360);
  CHECK_EQ(xor_and_max((int[]){HIDE(5), -9, 12, 3}), (5 ^ -9 ^ 12 ^ 3) * 1000 + 12);
  float f[8] = {1e8f, 1, 1, 1, -1e8f, 1, 1, HIDE(1.0f)};
  CHECK(float_sum(f) == 3.0f);
  struct quad q = rotate((struct quad){1, 2, 3, HIDE(4.0)}, HIDE(0.5));
  CHECK(q.x == 1 && q.y == 1.5 && q.z == 2 && q.w == -0.5);
  struct pixel p = blend((struct pixel){0, 100, 255, 7},
      (struct pixel){255, 200, 0, HIDE((uint8_t)6)}, HIDE(51u));
  CHECK(p.r == 51 && p.g == 120 && p.b == 204 && p.a == 7);
  int64_t wide[4];
  widen(wide, (int16_t[]){-1, 5, HIDE((int16_t)-2), -32768});
  CHECK(wide[0] == -1 && wide[1] == 5 && wide[2] == 65534 && wide[3] == -32768);
  conditional(a, (int[]){HIDE(5), 4, 5, 6}, HIDE(5));
  CHECK(a[0] == -1 && a[1] == -1 && a[2] == 5 && a[3] == 6);
  CHECK(used_again(a, b) == 450 - 20 && a[0] == -10 && a[3] == 240);
  divisions(a, (int[]){3, 2, HIDE(0), -7});
  CHECK(a[0] == -3 && a[1] == -10 && a[2] == 77 && a[3] == -34);
  printf("%d %d %g %u\n", a[3], a[4], (double)float_sum(f), u[3]);
  return verdict();
}
