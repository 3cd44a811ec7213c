// Aims at: volatile: number, width and order of accesses.
#include "check.h"
#include <signal.h>
#include <stdint.h>

static volatile int port, status = 3;
static volatile sig_atomic_t ticks;
static void on_signal(int s) { // -std=c17 gives the signals of System V: install it again
  signal(s, on_signal);
  ticks = ticks + 1;
  port = port + 10;
}

NOINLINE static int read_twice(volatile int *p) {
  int a = *p;
  raise(SIGUSR1); // the handler writes in between
  int b = *p;
  return b - a;
}
NOINLINE static int plain_and_volatile(int *plain, volatile int *v) {
  *plain = 1;
  *v = *plain + 1;
  *plain = *v + *v;
  return *plain;
}
NOINLINE static int wait_until(volatile int *p, int value) {
  int loops = 0;
  while (*p != value) {
    loops++;
    raise(SIGUSR1);
  }
  return loops;
}
NOINLINE static int dead_reads(volatile int *p) { *p; (void)*p; return 5; }
NOINLINE static void write_same_value(volatile int *p) {
  *p = 1;
  *p = 1;
  raise(SIGUSR1);
  *p = *p;
}
struct device { volatile uint8_t command; volatile uint16_t data; uint32_t plain;
    volatile uint8_t field : 3; volatile uint8_t rest : 5; };
NOINLINE static uint32_t program(struct device *d) {
  for (int i = 0; i < 4; i++) {
    d->command = (uint8_t)i;
    d->data = (uint16_t)(d->data + d->command);
    d->field = (uint8_t)(d->field + 1) & 7;
    d->rest = (uint8_t)(d->field ^ 31) & 31;
  }
  return d->plain + d->data + d->field * 100u + d->rest * 1000u;
}
NOINLINE static int volatile_pointer(int *volatile *where, int *other) {
  int a = **where;
  *where = other;
  return a * 10 + **where;
}
NOINLINE static int loop_counter(void) {
  int total = 0;
  for (volatile int i = 0; i < 10; i++) { if (i == 5) i = 8; total += i; }
  return total;
}
NOINLINE static int volatile_array(volatile int *p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) p[i] = i;
  for (int i = n; i-- > 0;) sum = sum * 2 + p[i];
  return sum;
}
NOINLINE static int copied(volatile struct device *d) { // struct member by member
  uint16_t x = d->data;
  uint8_t y = d->command;
  return x * 256 + y;
}
NOINLINE static int local_volatile(int x) {
  volatile int a = x, b = a;
  a = a + b;
  int c = a, d = a; // two reads
  return c == d ? c : -1;
}
NOINLINE static double volatile_double(void) {
  volatile double third = 1.0;
  third = third / 3;
  return third * 3 - 1;
}
NOINLINE static int exchange_if(volatile int *p, int with) {
  int old = *p;
  if (old != with) *p = with;
  return old;
}

int main(void) {
  if (signal(SIGUSR1, on_signal) == SIG_ERR) return 1;
  port = 5;
  CHECK_EQ(read_twice(&port), 10);
  int plain = 0;
  CHECK_EQ(plain_and_volatile(&plain, &status), 4);
  CHECK(plain == 4 && status == 2);
  CHECK_EQ(wait_until(&port, 45), 3);
  CHECK_EQ(dead_reads(&port), 5);
  write_same_value(&port);
  CHECK_EQ(port, 11);
  CHECK_EQ(ticks, 5);
  struct device d = {0, 100, HIDE(7u), 6, 0};
  CHECK_EQ(program(&d), 7 + 106 + 200 + 29000);
  CHECK_EQ(d.rest, 29);
  CHECK_EQ(copied(&d), 106 * 256 + 3);
  int one = HIDE(1), two = HIDE(2), *volatile where = &one;
  CHECK_EQ(volatile_pointer(&where, &two), 12);
  CHECK_EQ(loop_counter(), 0 + 1 + 2 + 3 + 4 + 8 + 9);
  volatile int cells[6];
  CHECK_EQ(volatile_array(cells, HIDE(6)), ((((5 * 2 + 4) * 2 + 3) * 2 + 2) * 2 + 1) * 2);
  CHECK_EQ(local_volatile(HIDE(21)), 42);
  CHECK(volatile_double() == 0);
  CHECK_EQ(exchange_if(&port, HIDE(50)), 11);
  CHECK_EQ(exchange_if(&port, HIDE(50)), 50);
  printf("%d %d %d\n", port, (int)ticks, d.data);
  return verdict();
}
