// Aims at: inline assembly: operands, clobbers, tied and early-clobber outputs, volatile order.
#include "check.h"
#include <stdint.h>

#if defined(__x86_64__)
#define ADD(r, x) __asm__("addq %1, %0" : "+r"(r) : "r"((uint64_t)(x)) : "cc")
#define STORE(p, v) __asm__ volatile("movl %1, %0" : "=m"(*(p)) : "r"(v))
#define LOAD(v, p) __asm__("movl %1, %0" : "=r"(v) : "m"(*(p)))
#define BUMP(p) __asm__ volatile("addl $1, (%0)" : : "r"(p) : "memory", "cc")
#define TWICE_PLUS(out, a, b) __asm__("movq %1, %0\n\taddq %1, %0\n\taddq %2, %0" : "=&r"(out) : "r"(a), "r"(b) : "cc")
#define IS_ZERO_GOTO(v, label) __asm__ goto("testl %0, %0\n\tje %l1" : : "r"(v) : "cc" : label)
#define ROUND_TRIP(d) __asm__("" : "+x"(d))
#elif defined(__aarch64__)
#define ADD(r, x) __asm__("add %0, %0, %1" : "+r"(r) : "r"((uint64_t)(x)))
#define STORE(p, v) __asm__ volatile("str %w1, %0" : "=m"(*(p)) : "r"(v))
#define LOAD(v, p) __asm__("ldr %w0, %1" : "=r"(v) : "m"(*(p)))
#define BUMP(p) __asm__ volatile("ldr w9, [%0]\n\tadd w9, w9, #1\n\tstr w9, [%0]" : : "r"(p) : "memory", "x9")
#define TWICE_PLUS(out, a, b) __asm__("add %0, %1, %1\n\tadd %0, %0, %2" : "=&r"(out) : "r"(a), "r"(b))
#define IS_ZERO_GOTO(v, label) __asm__ goto("cbz %w0, %l1" : : "r"(v) : : label)
#define ROUND_TRIP(d) __asm__("" : "+w"(d))
#else
#define ADD(r, x) ((r) += (uint64_t)(x))
#define STORE(p, v) (*(volatile uint32_t *)(p) = (v))
#define LOAD(v, p) ((v) = *(volatile uint32_t *)(p))
#define BUMP(p) (++*(volatile uint32_t *)(p))
#define TWICE_PLUS(out, a, b) ((out) = 2 * (a) + (b))
#define IS_ZERO_GOTO(v, label) do { if ((v) == 0) goto label; } while (0)
#define ROUND_TRIP(d) ((void)(d))
#endif
#define BARRIER() __asm__ volatile("" : : : "memory")
#define OPAQUE(v) __asm__("" : "+r"(v))

static uint32_t cell, other;

NOINLINE static uint64_t added(uint64_t a, uint64_t b) {
  uint64_t r = a;
  ADD(r, b);
  ADD(r, b); // the same text twice: not one
  return r * 2 + a;
}
NOINLINE static uint32_t stored(uint32_t v) {
  uint32_t local = 1;
  STORE(&local, v);
  uint32_t first = local;
  STORE(&local, v + 1);
  return first * 100 + local;
}
NOINLINE static uint32_t loads(void) {
  uint32_t a, b;
  cell = 5;
  LOAD(a, &cell);
  cell = 7;
  LOAD(b, &cell);
  return a * 10 + b;
}
NOINLINE static uint32_t through_memory_clobber(uint32_t *p) {
  *p = 10;
  other = 3;
  BUMP(&cell); // may change anything that is reachable
  BUMP(p);
  return *p + other * 100;
}
NOINLINE static uint64_t early_clobber(uint64_t a, uint64_t b) {
  uint64_t out;
  TWICE_PLUS(out, a, b); // %2 is read after %0 is written
  return out * 1000 + a * 10 + b;
}
NOINLINE static int in_loop(int n) {
  uint32_t count = 0;
  for (int i = 0; i < n; i++) BUMP(&count);
  return (int)count;
}
NOINLINE static const char *jump(uint32_t v) {
  IS_ZERO_GOTO(v, zero);
  return v == 0 ? "lost" : "not zero";
zero:
  return v == 0 ? "zero" : "wrong";
}
NOINLINE static int hidden_constant(int x) {
  int seven = 7;
  OPAQUE(seven); // no longer known
  int zero = seven - 7;
  return zero ? 100 / zero : x % seven;
}
NOINLINE static double kept_in_register(double d) {
  double sum = 0;
  for (int i = 0; i < 4; i++) {
    ROUND_TRIP(d);
    sum += d;
    d = d / 2;
  }
  return sum;
}
NOINLINE static uint32_t barriers(uint32_t *p) {
  *p = 1;
  BARRIER();
  uint32_t a = *p;
  *p = 2;
  BARRIER();
  return a * 10 + *p;
}
static inline uint64_t inlined_twice(uint64_t v) { ADD(v, 1); return v; }

int main(void) {
  CHECK_EQ(added(HIDE(5ull), 7), 43);
  CHECK_EQ(added(HIDE(UINT64_MAX), 1), 1);
  CHECK_EQ(stored(HIDE(42u)), 4243);
  CHECK_EQ(loads(), 57);
  cell = 100;
  uint32_t mine;
  CHECK_EQ(through_memory_clobber(&mine), 311);
  CHECK_EQ(cell, 101);
  CHECK_EQ(through_memory_clobber(&other), 404);
  CHECK_EQ(early_clobber(HIDE(3ull), HIDE(4ull)), 10034);
  CHECK_EQ(early_clobber(HIDE(6ull), 6), 18066);
  CHECK(in_loop(HIDE(1000)) == 1000 && in_loop(HIDE(0)) == 0);
  CHECK(jump(HIDE(0u))[0] == 'z' && jump(HIDE(9u))[0] == 'n');
  CHECK_EQ(hidden_constant(HIDE(25)), 4);
  CHECK(kept_in_register(HIDE(8.0)) == 15.0);
  CHECK_EQ(barriers(&cell), 12);
  CHECK_EQ(inlined_twice(inlined_twice(HIDE(40ull))), 42);
  printf("%u %u %s\n", cell, other, jump(1));
  return verdict();
}
