// Aims at: tail calls with stack arguments, locals whose address is passed.
#include "check.h"
#include <stdint.h>

struct block { long v[5]; };
typedef long step(long acc, const uint8_t *code, long *stack, int depth);

NOINLINE static long more_arguments(long a, long b, long c, long d, long e, long f, long g, long h,
    long i) {
  return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
}
// Callee needs more stack than the caller has.
NOINLINE static long fewer_arguments(long a, long b) {
  return more_arguments(b, a, b + 1, a + 1, b + 2, a + 2, b + 3, a + 3, b + 4);
}
NOINLINE static long shuffled(long a, long b, long c, long d, long e, long f, long g, long h,
    long i) {
  if (a <= 0) return more_arguments(i, h, g, f, e, d, c, b, a);
  return shuffled(a - 1, c, b, e, d, g, f, i, h); // own argument slots overwritten crosswise
}
NOINLINE static long read_through(const long *p, int n) {
  long s = 0;
  while (n--) s += *p++;
  return s;
}
NOINLINE static long not_a_tail_call(long x) { // the array must stay alive during the call
  long local[4] = {x, x + 1, x + 2, x + 3};
  return read_through(local, 4);
}
NOINLINE static long by_value(struct block b, int n) {
  if (n == 0) return b.v[0] + 10 * b.v[1] + 100 * b.v[2] + 1000 * b.v[3] + 10000 * b.v[4];
  struct block turned = {{b.v[1], b.v[2], b.v[3], b.v[4], b.v[0] + 1}};
  return by_value(turned, n - 1);
}
NOINLINE static struct block make(struct block seed, int n) {
  if (n == 0) return seed;
  seed.v[n % 5] += n;
  return make(seed, n - 1);
}
NOINLINE static double mixed(double x, int n, float y, long k) {
  return n == 0 ? x + (double)y + (double)k : mixed((double)y, n - 1, (float)x, k * 2 + n);
}

static step op_push, op_add, op_double, op_end, op_swap;
static step *const table[] = {op_end, op_push, op_add, op_double, op_swap};
static long op_end(long acc, const uint8_t *c, long *s, int d) {
  (void)c;
  (void)s;
  return acc * 100 + d;
}
static long op_push(long acc, const uint8_t *c, long *s, int d) {
  s[d] = acc;
  return table[c[1]](c[0], c + 2, s, d + 1);
}
static long op_add(long acc, const uint8_t *c, long *s, int d) {
  return table[c[0]](acc + s[d - 1], c + 1, s, d - 1);
}
static long op_double(long acc, const uint8_t *c, long *s, int d) {
  return table[c[0]](acc * 2, c + 1, s, d);
}
static long op_swap(long acc, const uint8_t *c, long *s, int d) {
  long t = s[d - 1];
  s[d - 1] = acc;
  return table[c[0]](t, c + 1, s, d);
}
NOINLINE static long run(const uint8_t *code) {
  long stack[16] = {0};
  return table[code[0]](0, code + 1, stack, 0);
}
NOINLINE static int ping(int n, int *hits);
NOINLINE static int pong(int n, int *hits) { ++*hits; return n <= 0 ? *hits : ping(n - 2, hits); }
NOINLINE static int ping(int n, int *hits) {
  *hits += 10;
  return n <= 0 ? -*hits : pong(n - 1, hits);
}

int main(void) {
  CHECK_EQ(fewer_arguments(HIDE(1l), HIDE(100l)), 25 * 100 + 20 + 3 + 4 + 10 + 12 + 21 + 24 + 36);
  long a[9], t;
  for (int i = 0; i < 9; i++) a[i] = HIDE(i + 3l);
  long seen = shuffled(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
  for (; a[0] > 0; a[0]--)
    for (int i = 1; i < 9; i += 2) t = a[i], a[i] = a[i + 1], a[i + 1] = t;
  long wanted = 0;
  for (int i = 0; i < 9; i++) wanted += (9 - i) * a[i];
  CHECK_EQ(seen, wanted);
  CHECK_EQ(not_a_tail_call(HIDE(10l)), 46);
  struct block b = {{1, 2, 3, 4, HIDE(5l)}};
  CHECK_EQ(by_value(b, 7), 43654);
  struct block m = make(b, HIDE(12));
  CHECK(m.v[0] == 16 && m.v[1] == 20 && m.v[2] == 24 && m.v[3] == 15 && m.v[4] == 18
      && b.v[0] == 1);
  CHECK(mixed(HIDE(1.5), 3, 0.25f, 1) == 26.75);
  const uint8_t code[] = {1, 7, 3, 1, 5, 4, 2, 3, 1, 9, 2, 0};
  CHECK_EQ(run(code), ((7 * 2 + 5) * 2 + 9) * 100 + 1);
  int hits = 0;
  CHECK_EQ(ping(HIDE(30), &hits), -120);
  printf("%ld %ld %d\n", seen, run(code), hits);
  return verdict();
}
