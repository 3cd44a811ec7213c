// Aims at: C11 atomics in one thread: every operation's old and new value, widths, flags, orders.
#include "check.h"
#include <stdatomic.h>
#include <stdint.h>

NOINLINE static int fetches(atomic_int *a) {
  int r = atomic_fetch_add(a, 5);
  r = r * 10 + atomic_fetch_sub_explicit(a, 2, memory_order_relaxed);
  r = r * 10 + atomic_fetch_or(a, 8);
  r = r * 100 + atomic_fetch_and_explicit(a, 6, memory_order_acq_rel);
  r = r * 10 + atomic_fetch_xor(a, 3);
  return r * 10 + atomic_exchange(a, 40);
}
NOINLINE static uint8_t wrap_byte(_Atomic uint8_t *a, int n) { while (n--) *a += 3; return (*a)++; }
NOINLINE static int try_change(_Atomic int64_t *a, int64_t expected, int64_t wanted,
    int64_t *seen) {
  int ok = atomic_compare_exchange_strong(a, &expected, wanted);
  *seen = expected;
  return ok;
}
NOINLINE static int weak_loop(_Atomic uint32_t *a) { // multiply by 3, by hand
  int rounds = 0;
  uint32_t old = atomic_load_explicit(a, memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(a, &old, old * 3, memory_order_release,
      memory_order_relaxed))
    if (++rounds > 1000) return 0;
  return 1;
}
NOINLINE static int result_ignored(atomic_int *a) {
  atomic_fetch_add(a, 1);
  atomic_fetch_or(a, 0);
  atomic_fetch_sub(a, 1);
  atomic_fetch_add(a, 7);
  return *a;
}
NOINLINE static int idempotent(atomic_int *a) {
  return atomic_fetch_or(a, 0) + atomic_fetch_add(a, 0) + atomic_fetch_and(a, -1);
}
NOINLINE static int test_bit(_Atomic unsigned *a, int bit) {
  return (atomic_fetch_or(a, 1u << bit) & 1u << bit) != 0;
}
NOINLINE static int to_zero(atomic_int *a) { return atomic_fetch_sub(a, 1) == 1; }
NOINLINE static int below_zero(atomic_int *a, int by) { return atomic_fetch_add(a, by) + by < 0; }
NOINLINE static int store_load_order(atomic_int *x, int *plain) {
  *plain = 1;
  atomic_store_explicit(x, 1, memory_order_release);
  *plain = 2;
  int seen = atomic_load_explicit(x, memory_order_acquire);
  *plain += seen;
  atomic_thread_fence(memory_order_seq_cst);
  atomic_signal_fence(memory_order_seq_cst);
  return *plain;
}
NOINLINE static int compound(_Atomic short *a, int v) { *a *= (short)v; *a -= 9; return *a ^= 3; }
static _Atomic(int *) shared_pointer;
NOINLINE static int *next_pointer(void) {
  int *old = atomic_load(&shared_pointer);
  while (!atomic_compare_exchange_strong(&shared_pointer, &old, old + 2)) { }
  return old + 2;
}

int main(void) {
  atomic_int a = 3;
  CHECK_EQ(fetches(&a), ((((3 * 10 + 8) * 10 + 6) * 100 + 14) * 10 + 6) * 10 + 5);
  CHECK_EQ(a, 40);
  _Atomic uint8_t b = 250;
  CHECK_EQ(wrap_byte(&b, HIDE(4)), 6);
  CHECK_EQ(b, 7);
  _Atomic int64_t c = HIDE((int64_t)1) << 40;
  int64_t seen;
  CHECK(!try_change(&c, 5, 6, &seen) && seen == 1ll << 40 && c == 1ll << 40);
  CHECK(try_change(&c, seen, -6, &seen) && seen == 1ll << 40 && c == -6);
  _Atomic uint32_t m = HIDE(0x60000000u);
  CHECK(weak_loop(&m) && weak_loop(&m) && m == 0x60000000u);
  CHECK_EQ(m, (uint32_t)(0x60000000ull * 9));
  atomic_store(&a, HIDE(-7));
  CHECK_EQ(result_ignored(&a), 0);
  atomic_store(&a, HIDE(14));
  CHECK_EQ(idempotent(&a), 42);
  _Atomic unsigned bits = 0;
  int hits = 0;
  for (int i = 0; i < 64; i++) hits += test_bit(&bits, HIDE(i * 7 % 32));
  CHECK(hits == 32 && bits == 0xffffffffu);
  atomic_store(&a, HIDE(2));
  CHECK(!to_zero(&a) && to_zero(&a) && !to_zero(&a) && a == -1);
  CHECK(below_zero(&a, HIDE(0)) && !below_zero(&a, HIDE(1)) && below_zero(&a, HIDE(-1)));
  int plain = 0;
  CHECK_EQ(store_load_order(&a, &plain), 3);
  _Atomic short d = HIDE((short)-50);
  CHECK(compound(&d, 7) == -358 && d == -358);
  int cells[8] = {0};
  atomic_init(&shared_pointer, cells);
  *next_pointer() = 9;
  next_pointer();
  CHECK(atomic_load(&shared_pointer) - cells == 4 && cells[2] == 9);
  atomic_flag flag = ATOMIC_FLAG_INIT;
  CHECK(!atomic_flag_test_and_set(&flag) && atomic_flag_test_and_set(&flag));
  atomic_flag_clear(&flag);
  CHECK(!atomic_flag_test_and_set_explicit(&flag, memory_order_acquire));
  printf("%d %u %d\n", a, (unsigned)m, d);
  return verdict();
}
