// Aims at: struct returns of every class (registers, mixed, memory).
#include "check.h"
#include <stdint.h>

struct one { int8_t v; };
struct ints { int64_t a, b; };
struct floats { float a, b, c; };
struct mixed { double d; int i; };
struct big { int v[12]; };
struct vec { double x, y, z; };

NOINLINE static struct one make_one(int v) { return (struct one){(int8_t)v}; }
NOINLINE static struct ints swap(struct ints p) { return (struct ints){p.b, p.a}; }
NOINLINE static struct floats turn(struct floats f) { return (struct floats){f.c, f.a, f.b}; }
NOINLINE static struct mixed mix(struct mixed m, int k) { return (struct mixed){m.d * k, m.i + k}; }

// Writing into the result slot before reading the argument would be wrong when they are one object.
NOINLINE static struct big reverse(const struct big *from) {
  struct big out;
  for (int i = 0; i < 12; i++) out.v[i] = from->v[11 - i];
  return out;
}
NOINLINE static struct vec cross(struct vec a, struct vec b) {
  struct vec r;
  r.x = a.y * b.z - a.z * b.y;
  r.y = a.z * b.x - a.x * b.z;
  r.z = a.x * b.y - a.y * b.x;
  return r;
}
static struct big global;
NOINLINE static struct big from_global(int add) {
  struct big out = global;
  out.v[0] += add;
  global.v[1] = 555; // must not show in the result
  return out;
}
NOINLINE static struct big choose(int which, struct big a, struct big b) { return which ? a : b; }
NOINLINE static struct big build(int depth) {
  struct big out = {{0}};
  if (depth > 0) out = build(depth - 1);
  out.v[depth] = depth * depth;
  return out;
}
typedef struct vec binary(struct vec, struct vec);
NOINLINE static struct vec apply(binary *f, struct vec a, struct vec b) { return f(f(a, b), b); }

int main(void) {
  CHECK_EQ(make_one(HIDE(0x1ff)).v, -1);
  struct ints p = {HIDE((int64_t)1) << 40, -2};
  p = swap(p);
  CHECK(p.a == -2 && p.b == 1ll << 40);
  p = swap(swap(swap(p)));
  CHECK_EQ(p.a, 1ll << 40);
  struct floats f = {1, 2, HIDE(3.0f)};
  f = turn(f);
  CHECK(f.a == 3 && f.b == 1 && f.c == 2);
  struct mixed m = {HIDE(0.5), 1};
  for (int k = 1; k < 6; k++) m = mix(m, k);
  CHECK(m.d == 60.0 && m.i == 16);

  struct big b;
  for (int i = 0; i < 12; i++) b.v[i] = HIDE(i);
  b = reverse(&b);
  for (int i = 0; i < 12; i++) CHECK_EQ(b.v[i], 11 - i);
  global = b;
  global = from_global(1000);
  CHECK(global.v[0] == 1011 && global.v[1] == 10);
  b = from_global(0);
  CHECK(b.v[1] == 10 && global.v[1] == 555);
  b = choose(HIDE(0), b, global);
  CHECK_EQ(b.v[1], 555);
  b = build(HIDE(11));
  for (int i = 0; i < 12; i++) CHECK_EQ(b.v[i], i * i);

  struct vec x = {1, 0, 0}, y = {0, HIDE(1.0), 0};
  struct vec z = cross(x, y);
  CHECK(z.x == 0 && z.y == 0 && z.z == 1);
  x = apply(cross, x, y);
  CHECK(x.x == -1 && x.y == 0 && x.z == 0);
  printf("%d %g %g\n", build(5).v[4], m.d, x.x);
  return verdict();
}
