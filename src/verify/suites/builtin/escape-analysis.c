// Aims at: capture tracking: addresses leaving by return, global, array, integer or callback.
#include "check.h"
#include <stdint.h>
#include <stdlib.h>

static int *saved;
static uintptr_t saved_bits;
static int *slots[4];

NOINLINE static void keep(int *p) { saved = p; }
NOINLINE static void keep_as_integer(int *p) { saved_bits = (uintptr_t)p ^ 0x5555; }
NOINLINE static int *pass_through(int *p, int offset) { return p + offset; }
NOINLINE static void poke_saved(int v) { *saved = v; }
NOINLINE static void poke_bits(int v) { *(int *)(saved_bits ^ 0x5555) = v; }
NOINLINE static void poke_slots(void) { for (int i = 0; i < 4; i++) if (slots[i]) *slots[i] += i; }
NOINLINE static int only_reads(const int *p) { return *p + 1; }

NOINLINE static int by_global(void) {
  int local = 1;
  keep(&local);
  local = 2;
  poke_saved(30);
  return local;
}
NOINLINE static int by_integer(void) {
  int local = 1;
  keep_as_integer(&local);
  local = 2;
  poke_bits(40);
  return local;
}
NOINLINE static int by_return(void) {
  int local[3] = {1, 2, 3};
  int *inside = pass_through(local, 1);
  local[1] = 20;
  *inside += 5;
  return local[0] + local[1] + local[2];
}
NOINLINE static int by_array(void) {
  int a = 10, b = 20;
  slots[1] = &a;
  slots[3] = &b;
  poke_slots();
  int sum = a + b;
  slots[1] = slots[3] = 0;
  poke_slots();
  return sum * 100 + a + b;
}
NOINLINE static int not_captured(void) {
  int local = 5;
  int read = only_reads(&local);
  *saved = 77; // another object
  return local * 10 + read;
}
NOINLINE static int later_only(int how) { // captured on one path, after a store that must stay
  int local = 3;
  if (how) keep(&local);
  local += 4;
  if (how) poke_saved(local * 2);
  return local;
}
struct visitor { int *total; int limit; };
NOINLINE static void visit(int item, void (*f)(struct visitor *, int), struct visitor *v) {
  f(v, item);
}
static void add(struct visitor *v, int item) { if (item < v->limit) *v->total += item; }
NOINLINE static int by_callback(int n) {
  int total = 0;
  struct visitor v = {&total, 6};
  for (int i = 0; i < n; i++) {
    visit(i, add, &v);
    if (i == 4) v.limit = 5;
  }
  return total;
}
NOINLINE static int heap(int n) { // malloc that escapes into itself
  int **cells = malloc(sizeof *cells * 2);
  int *data = malloc(sizeof *data);
  if (!cells || !data) return -1;
  cells[0] = data;
  cells[1] = (int *)cells;
  *data = n;
  ((int ***)cells)[1][0][0] += 1;
  int seen = *data;
  free(data);
  free(cells);
  return seen;
}

int main(void) {
  static int outside;
  CHECK_EQ(by_global(), 30);
  CHECK_EQ(by_integer(), 40);
  CHECK_EQ(by_return(), 29);
  CHECK_EQ(by_array(), 3434);
  saved = &outside;
  CHECK_EQ(not_captured(), 56);
  CHECK_EQ(outside, 77);
  CHECK_EQ(later_only(HIDE(1)), 14);
  CHECK_EQ(later_only(HIDE(0)), 7);
  CHECK_EQ(by_callback(HIDE(10)), 10);
  CHECK_EQ(heap(HIDE(41)), 42);
  saved = 0;
  printf("%d\n", outside);
  return verdict();
}
