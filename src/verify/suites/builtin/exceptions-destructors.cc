// Aims at: order of destruction on normal and exceptional paths: locals, temporaries, arrays.
#include "check.h"
#include <cstring>

static char journal[256];
static int length, alive;
static void note(char c) { if (length < 255) journal[length++] = c, journal[length] = 0; }
static bool logged(const char *wanted) {
  bool same = std::strcmp(journal, wanted) == 0;
  if (!same) printf("journal %s, wanted %s\n", journal, wanted);
  length = 0;
  journal[0] = 0;
  return same;
}
struct guard {
  char name;
  explicit guard(char n) : name(n) { alive++; note(n); }
  guard(const guard &g) : name(static_cast<char>(g.name + 1)) { alive++; note('&'); }
  ~guard() { alive--; note(static_cast<char>(name - 'a' + 'A')); }
};
NOINLINE static void stop_if(bool c) { if (c) throw 1; }

NOINLINE static void locals(int where) {
  guard a('a');
  stop_if(where == 1);
  guard b('b');
  {
    guard c('c');
    stop_if(where == 2);
  }
  guard d('d');
  stop_if(where == 3);
}
NOINLINE static int temporaries(int where) {
  auto use = [&](const guard &x, const guard &y) { stop_if(where == 1); return x.name + y.name; };
  int sum = use(guard('a'), guard('a')) + (where == 2 ? (stop_if(true), 0) : 0);
  note('.');
  const guard &extended = guard('e');
  note(';');
  stop_if(where == 3);
  return sum + extended.name;
}
NOINLINE static guard returned(bool early) {
  guard x('x');
  if (early) return guard('y');
  note('-');
  return x; // moved or elided: never destroyed twice
}
NOINLINE static void conditional(bool first, bool fail) {
  const guard &g = first ? guard('f') : guard('g');
  note(g.name);
  stop_if(fail);
}
struct pair {
  guard a, b;
  explicit pair(bool fail) : a('p'), b('q') { guard c('r'); stop_if(fail); }
};
NOINLINE static void array(int fail_at) {
  struct item {
    guard g;
    item(int i, int fail) : g(static_cast<char>('a' + i)) { stop_if(i == fail); }
  };
  item items[3] = {{0, fail_at}, {1, fail_at}, {2, fail_at}};
  note(items[0].g.name);
}
NOINLINE static void loop(int n, int leave) {
  for (int i = 0; i < n; i++) {
    guard g(static_cast<char>('a' + i));
    if (i == leave) break;
    if (i == 1) continue;
    note('|');
  }
}
template <class F> static bool throws(F f) {
  try { f(); } catch (int) { note('!'); return true; }
  return false;
}

int main() {
  CHECK(!throws([] { locals(HIDE(0)); }) && logged("abcCdDBA"));
  CHECK(throws([] { locals(HIDE(1)); }) && logged("aA!"));
  CHECK(throws([] { locals(HIDE(2)); }) && logged("abcCBA!"));
  CHECK(throws([] { locals(HIDE(3)); }) && logged("abcCdDBA!"));
  CHECK_EQ(temporaries(HIDE(0)), 2 * 'a' + 'e');
  CHECK(logged("aaAA.e;E"));
  CHECK(throws([] { temporaries(HIDE(1)); }) && logged("aaAA!"));
  CHECK(throws([] { temporaries(HIDE(3)); }) && logged("aaAA.e;E!"));
  { guard g = returned(HIDE(true)); note(g.name); }
  CHECK(logged("xyXyY"));
  int before = alive;
  { guard g = returned(HIDE(false)); }
  CHECK(alive == before && (journal[0] == 'x' && journal[1] == '-'));
  length = 0;
  journal[0] = 0;
  conditional(HIDE(true), HIDE(false));
  CHECK(logged("ffF"));
  CHECK(throws([] { conditional(HIDE(false), HIDE(true)); }) && logged("ggG!"));
  { pair p(HIDE(false)); note('+'); }
  CHECK(logged("pqrR+QP"));
  CHECK(throws([] { pair p(HIDE(true)); note('+'); }) && logged("pqrRQP!"));
  CHECK(!throws([] { array(HIDE(9)); }) && logged("abcaCBA"));
  CHECK(throws([] { array(HIDE(1)); }) && logged("abBA!"));
  loop(HIDE(4), HIDE(3));
  CHECK(logged("a|AbBc|CdD"));
  loop(HIDE(2), HIDE(0));
  CHECK(logged("aA"));
  CHECK_EQ(alive, 0);
  locals(HIDE(0));
  puts(journal);
  return verdict();
}
