// Aims at: nested try blocks, handlers chosen by type and base, throwing from handlers.
#include "check.h"
#include <stdexcept>
#include <string>

struct base { int code; explicit base(int c) : code(c) {} virtual ~base() = default;
    virtual int kind() const { return 1; } };
struct derived : base { using base::base; int kind() const override { return 2; } };
struct unrelated { double value; };

NOINLINE static void raise(int what) {
  switch (what) {
  case 1: throw 11;
  case 2: throw base(22);
  case 3: throw derived(33);
  case 4: throw unrelated{4.5};
  case 5: throw std::out_of_range("five");
  case 6: throw "six";
  case 7: throw 7L;
  case 8: throw static_cast<base *>(nullptr);
  }
}
NOINLINE static int classify(int what) {
  try { raise(what); }
  catch (int i) { return i; }
  catch (const derived &d) { return d.code * 10 + d.kind(); }
  catch (base &b) { return b.code * 10 + b.kind(); }
  catch (const std::logic_error &e) { return static_cast<int>(std::string(e.what()).size()); }
  catch (const char *s) { return s[0]; }
  catch (base *p) { return p == nullptr ? 8 : -8; }
  catch (...) { return 99; }
  return 0;
}
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wcatch-value"
#endif
NOINLINE static int sliced() { // caught by value: a copy of the base part
  try { raise(3); } catch (base b) { b.code++; return b.code * 10 + b.kind(); }
  return 0;
}
NOINLINE static int nested(int inner, int outer) {
  int path = 1;
  try {
    path = path * 3 + 1;
    try { raise(inner); path *= 2; }
    catch (int) { path = path * 5 + 1; raise(outer); path += 7; }
    catch (const base &) { path = path * 5 + 2; raise(outer); path += 70; }
    path = path * 3 + 2;
  } catch (int) { path = path * 7 + 1; }
  catch (const derived &) { path = path * 7 + 2; }
  catch (const unrelated &u) { path = path * 7 + static_cast<int>(u.value); }
  return path;
}
NOINLINE static int in_loop(int n) {
  int caught = 0, passed = 0;
  for (int i = 0; i < n; i++) {
    try {
      if (i % 3 == 0) raise(1);
      if (i % 5 == 0) continue;
      if (i == 17) break;
      passed++;
    } catch (int) {
      caught++;
      if (caught == 9) goto out;
      continue;
    }
    passed += 100;
  }
out:
  return caught * 100000 + passed;
}
NOINLINE static int deep(int n) {
  if (n == 0) throw derived(0);
  try { return deep(n - 1) + 1; }
  catch (base &b) {
    b.code += n; // changed in place, then thrown on
    if (n % 4) throw;
    throw base(b.code * 2); // a new one, of the base type
  }
}
NOINLINE static int values_kept(int x) {
  int a = x, b = x * 2;
  try {
    a += 5;
    if (x > 0) raise(x);
    b += a;
  } catch (...) { return a * 1000 + b; }
  return -a * 1000 - b;
}

int main() {
  const int wanted[] = {0, 11, 221, 332, 99, 4, 's', 99, 8, 0};
  for (int i = 0; i < 10; i++) CHECK_EQ(classify(HIDE(i)), wanted[i]);
  CHECK_EQ(sliced(), 341);
  CHECK_EQ(nested(HIDE(0), HIDE(0)), 26);
  CHECK_EQ(nested(HIDE(1), HIDE(0)), (4 * 5 + 1 + 7) * 3 + 2);
  CHECK_EQ(nested(HIDE(1), HIDE(1)), 21 * 7 + 1);
  CHECK_EQ(nested(HIDE(2), HIDE(3)), 22 * 7 + 2);
  CHECK_EQ(nested(HIDE(3), HIDE(4)), 22 * 7 + 4);
  CHECK_EQ(nested(HIDE(4), HIDE(1)), 4 * 7 + 4);
  bool escaped = false;
  try { nested(HIDE(1), HIDE(2)); } catch (const base &b) { escaped = b.code == 22; }
  CHECK(escaped);
  CHECK_EQ(in_loop(HIDE(14)), 500000 + 7 * 101);
  CHECK_EQ(in_loop(HIDE(100)), 600000 + 9 * 101);
  int code = 0, kind = 0;
  try { deep(HIDE(6)); } catch (const base &b) { code = b.code; kind = b.kind(); }
  CHECK(code == (1 + 2 + 3 + 4) * 2 + 5 + 6 && kind == 1);
  CHECK(values_kept(HIDE(4)) == 9008 && values_kept(HIDE(0)) == -5005);
  printf("%d %d %d\n", nested(3, 4), in_loop(50), code);
  return verdict();
}
