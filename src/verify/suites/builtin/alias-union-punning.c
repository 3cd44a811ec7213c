// Aims at: reads of another union member than the one written last, in loops and through calls.
#include "check.h"
#include <stdint.h>

union number { float f; uint32_t u; int32_t i; uint8_t b[4]; uint16_t h[2]; };
union wide { double d; uint64_t u; struct { uint32_t low, high; } half; union number part[2]; };

NOINLINE static float quick_inverse_root(float x) {
  union number n = {.f = x};
  n.u = 0x5f3759df - (n.u >> 1);
  for (int i = 0; i < 3; i++) n.f = n.f * (1.5f - 0.5f * x * n.f * n.f);
  return n.f;
}

NOINLINE static int order_key(union number n) { // total order of floats as integers
  return n.i < 0 ? (int)(0x80000000u - n.u) : n.i;
}

NOINLINE static void write_then_read(union wide *w, uint32_t *low_out) {
  w->d = 1.0;
  w->half.low = 7;
  *low_out = w->part[0].u;
  w->part[1].h[1] = 0x4000;
}

NOINLINE static uint32_t alternate(union number *n, int rounds) {
  for (int i = 0; i < rounds; i++) {
    if (i & 1) n->h[i >> 1 & 1] = (uint16_t)(n->h[0] + i);
    else n->b[i & 3] = (uint8_t)(n->u >> 3);
  }
  return n->u;
}

static uint32_t alternate_by_shifts(uint32_t u, int rounds) {
  for (volatile int i = 0; i < rounds; i++) {
    int at = i & 1 ? 16 * (i >> 1 & 1) : 8 * (i & 3);
    uint32_t mask = i & 1 ? 0xffffu : 0xffu;
    uint32_t value = i & 1 ? (u & 0xffff) + (uint32_t)i : u >> 3;
    u = (u & ~(mask << at)) | (value & mask) << at;
  }
  return u;
}

int main(void) {
  float root = quick_inverse_root(HIDE(4.0f));
  CHECK(root > 0.4999f && root < 0.5001f);

  float rising[] = {-1e30f, -2.0f, -1.0f, -1e-40f, 0.0f, 1e-40f, 1.0f, 1.5f, 1e30f};
  for (int i = 1; i < 9; i++) {
    union number a = {.f = rising[i - 1]}, b = {.f = rising[i]};
    CHECK(order_key(a) < order_key(b));
  }

  union wide w = {.u = HIDE((uint64_t)0)};
  uint32_t low = 0;
  write_then_read(&w, &low);
  CHECK_EQ(low, 7);
  CHECK_EQ(w.u, 0x4000000000000007ull);
  CHECK(w.d > 2.0 && w.d < 2.0001);

  union number n = {.u = HIDE(0xdeadbeefu)};
  CHECK_EQ(alternate(&n, 100), alternate_by_shifts(0xdeadbeefu, 100));

  union number constant = {.f = 1.0f};
  CHECK_EQ(constant.u, 0x3f800000);
  constant.h[1] = 0xc000;
  CHECK(constant.f == -2.0f);
  printf("%.3f %llx %x\n", (double)root, (unsigned long long)w.u, n.u);
  return verdict();
}
