// Aims at: function pointers in tables, structs, arguments and results: devirtualised, merged.
#include "check.h"
#include <string.h>

typedef int binary(int, int);
typedef int (*unary)(int);
NOINLINE static int add(int a, int b) { return a + b; }
NOINLINE static int sub(int a, int b) { return a - b; }
NOINLINE static int mul(int a, int b) { return a * b; }
NOINLINE static int first(int a, int b) { (void)b; return a; }
NOINLINE static int also_first(int a, int b) { (void)b; return a; } // same body, another address
static binary *const table[] = {add, sub, mul, first, also_first};

struct device { const char *name; int state; int (*read)(struct device *);
    void (*write)(struct device *, int); };
static int plain_read(struct device *d) { return d->state; }
static int inverted_read(struct device *d) { return ~d->state; }
static void plain_write(struct device *d, int v) { d->state = v; }
static void locked_write(struct device *d, int v) { (void)d; (void)v; }
static void morphing_write(struct device *d, int v) { // replaces its own function pointer
  d->state = v;
  d->read = d->read == plain_read ? inverted_read : plain_read;
  if (v > 100) d->write = locked_write;
}
NOINLINE static int drive(struct device *d, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    d->write(d, i * 30);
    sum = sum * 3 + d->read(d); // neither pointer is loop-invariant
  }
  return sum;
}
NOINLINE static int fold(binary *f, const int *p, int n, int start) {
  for (int i = 0; i < n; i++) start = f(start, p[i]);
  return start;
}
NOINLINE static binary *pick(const char *name) {
  return !strcmp(name, "add") ? add : !strcmp(name, "sub") ? sub : !strcmp(name, "mul") ? mul : 0;
}
static int twice(int x) { return 2 * x; }
static int next(int x) { return x + 1; }
NOINLINE static unary select(int c) { return c ? twice : next; }
NOINLINE static int apply_n(unary f, int n, int x) { return n ? apply_n(f, n - 1, f(x)) : x; }
NOINLINE static unary *through_pointer(unary *slot, unary with) { *slot = with; return slot; }

struct list { struct list *rest; unary f; };
NOINLINE static int pipeline(const struct list *l, int x) {
  for (; l; l = l->rest) x = l->f(x);
  return x;
}
static int reentrant(int x);
static unary current = reentrant;
static int reentrant(int x) {
  unary mine = current;
  if (x <= 0) return 100;
  current = twice;
  int r = current(x) + mine(x - 3);
  current = mine;
  return r;
}

int main(void) {
  int wanted[] = {12, 6, 27, 9, 9}, sum = 0;
  for (int i = 0; i < 5; i++) {
    CHECK_EQ(table[HIDE(i)](9, 3), wanted[i]);
    sum = sum * 10 + table[i](i, 7);
  }
  CHECK(table[HIDE(3)] != table[HIDE(4)]); // C: equal only for the same function
  CHECK(first != HIDE(&also_first) && pick("sub") == sub && pick("other") == 0);

  struct device plain = {"plain", 0, plain_read, plain_write}, morph =
      {"morph", 0, plain_read, morphing_write};
  int a = 0, b = 0, state = 0, locked = 0, inverted = 0;
  for (int i = 0; i < 7; i++) {
    a = a * 3 + i * 30;
    if (!locked) state = i * 30, inverted = !inverted, locked = state > 100;
    b = b * 3 + (inverted ? -state - 1 : state);
  }
  CHECK_EQ(drive(&plain, HIDE(7)), a);
  CHECK_EQ(drive(&morph, HIDE(7)), b);
  CHECK(morph.write == locked_write);

  int items[] = {5, 3, HIDE(2)};
  CHECK_EQ(fold(pick("add"), items, 3, 0), 10);
  CHECK_EQ(fold(pick("mul"), items, 3, 1), 30);
  CHECK_EQ(fold(also_first, items, 3, 77), 77);
  CHECK_EQ(apply_n(select(HIDE(1)), 10, 1), 1024);
  CHECK_EQ(apply_n(select(HIDE(0)), 10, 1), 11);
  unary slot = twice;
  CHECK_EQ((*through_pointer(&slot, next))(HIDE(20)) + slot(1), 23);
  struct list c = {0, twice}, l2 = {&c, next}, l1 = {&l2, twice};
  CHECK_EQ(pipeline(&l1, HIDE(5)), 22);
  CHECK_EQ(reentrant(HIDE(7)), 14 + 8 + 2);
  CHECK(current == reentrant);
  printf("%d %d %d\n", sum, a, b);
  return verdict();
}
