// Aims at: structs by value: the callee changes its copy, the caller must not see it.
#include "check.h"

struct small { int a; short b; };
struct mixed { double x; int n; float y; };
struct big { long items[9]; char name[7]; };
struct nested { struct small first; struct big second; };

static struct big shared = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, "shared"};

NOINLINE static long change_small(struct small s) { s.a += 100; s.b *= 2; return s.a + s.b; }
NOINLINE static double change_mixed(struct mixed m, struct mixed n) {
  m.x += n.y;
  n.n = m.n;
  return m.x + n.n;
}
NOINLINE static long change_big(struct big b) {
  long before = shared.items[0];
  b.items[0] = -5;
  b.name[0] = 'X';
  return b.items[0] + shared.items[0] - before + b.items[8];
}
NOINLINE static long change_shared_meanwhile(struct big b, struct big *same) {
  same->items[3] = 1000; // the copy was taken before
  return b.items[3];
}
NOINLINE static long read_only(struct big b) { // the copy could be left out, if nothing writes
  long sum = 0;
  for (int i = 0; i < 9; i++) sum += b.items[i];
  return sum;
}
NOINLINE static long twice(struct big b, int depth) {
  b.items[1]++;
  if (depth == 0) return b.items[1];
  return twice(b, depth - 1) * 10 + b.items[1];
}
NOINLINE static struct nested exchange(struct nested n, struct small s, struct big b) {
  struct nested out = {s, b};
  out.first.b = (short)(out.first.b + n.first.b);
  out.second.items[8] = n.second.items[0];
  return out;
}
NOINLINE static long *leak_copy(struct big b, long *out) { // address of the copy stays inside
  long *p = &b.items[2];
  *p += 7;
  *out = b.items[2];
  return out;
}
NOINLINE static long many(struct small a, struct big b, double x, struct mixed m, struct small z) {
  return a.a + b.items[4] * 10 + (long)(x * 100) + (long)(m.x * 1000) + m.n + z.b;
}

int main(void) {
  struct small s = {HIDE(1), HIDE((short)2)};
  CHECK_EQ(change_small(s), 105);
  CHECK(s.a == 1 && s.b == 2);
  struct mixed m = {HIDE(0.5), 3, 0.25f};
  CHECK(change_mixed(m, m) == 3.75);
  CHECK(m.x == 0.5 && m.n == 3);

  CHECK_EQ(change_big(shared), 4);
  CHECK(shared.items[0] == 1 && shared.name[0] == 's');
  CHECK_EQ(change_shared_meanwhile(shared, &shared), 4);
  CHECK_EQ(shared.items[3], 1000);
  shared.items[3] = 4;
  CHECK_EQ(read_only(shared), 45);
  CHECK_EQ(twice(shared, HIDE(3)), 6543);
  CHECK_EQ(shared.items[1], 2);

  struct nested n = {{10, 20}, shared};
  n.second.items[0] = HIDE(77l);
  struct nested out = exchange(n, n.first, n.second);
  n = exchange(out, s, shared);
  CHECK(out.first.b == 40 && out.second.items[8] == 77);
  CHECK(n.first.b == 42 && n.second.items[8] == 77 && n.second.items[0] == 1);
  long kept = 0;
  CHECK_EQ(*leak_copy(shared, &kept), 10);
  CHECK_EQ(shared.items[2], 3);
  CHECK_EQ(many(s, shared, HIDE(1.5), m, s), 1 + 50 + 150 + 500 + 3 + 2);
  printf("%ld %s %d\n", kept, n.second.name, n.first.b);
  return verdict();
}
