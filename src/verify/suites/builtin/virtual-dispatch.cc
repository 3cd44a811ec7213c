// Aims at: devirtualisation: final, known types, objects replaced in place, multiple bases.
#include "check.h"
#include <new>
#include <vector>

struct shape {
  int scale = 1;
  virtual ~shape() = default;
  virtual int area() const = 0;
  virtual int twice() const { return 2 * area(); }
  int again() const { return area() + area(); }
};
struct square : shape { int side; explicit square(int s)
    : side(s) {} int area() const override { return side * side * scale; } };
struct rectangle : square { int other; rectangle(int a, int b) : square(a),
    other(b) {} int area() const override { return side * other * scale; } };
struct dot final : shape { int area() const override { return 1; } int twice() const final {
    return 3; } };
struct named { virtual ~named() = default;
    virtual int code() { return 100; } virtual int extra(int x) { return x; } };
struct labelled : rectangle, named {
  int label;
  labelled(int a, int b, int l) : rectangle(a, b), label(l) {}
  int code() override { return label + side; }  // through a thunk when called by named
  // A direct call of an overridden function.
  int twice() const override { return rectangle::twice() + 1; }
};
NOINLINE static int total(const std::vector<const shape *> &all) {
  int sum = 0;
  for (const shape *s : all) sum = sum * 2 + s->area() + s->twice() + s->again();
  return sum;
}
struct changer : shape {
  int calls = 0;
  int area() const override { return 7; }
  virtual void become() ;
  virtual int me() { return 1; }
};
struct changed : changer { int area() const override { return 70; } int me() override { return 2;
    } };
// Same storage, another dynamic type.
void changer::become() { this->~changer(); new (this) changed; }
NOINLINE static int replaced(changer *c) {
  int before = c->me() * 100 + c->area();
  c->become();
  c = std::launder(c); // the old pointer may not be used for the new object
  return before * 1000 + c->me() * 100 + c->area();
}
NOINLINE static int known_type(int x) { // everything can be folded
  rectangle r(x, 3);
  const shape &s = r;
  dot d;
  return s.area() * 10 + s.twice() + d.twice() + static_cast<const shape &>(d).area();
}
NOINLINE static int by_member_pointer(const shape &s, int (shape::*f)() const) { return (s.*f)(); }
struct recursive {
  virtual ~recursive() = default;
  virtual int run(int n) { return n <= 0 ? 0 : n + run(n - 1); }
};
struct skipping : recursive {
    int run(int n) override { return n % 2 ? run(n - 1) + 1000 : recursive::run(n); } };
struct counting {
  static int built;
  int first;
  // The virtual call finds this class, not the derived.
  counting() : first(init()) { built = built * 10 + init(); }
  virtual ~counting() = default;
  virtual int init() { return 1; }
};
struct counting_more : counting {
    counting_more() { built = built * 10 + init(); } int init() override { return 2; } };
int counting::built;
// One virtual call a round, the object escapes.
template <class T> NOINLINE static int loop(T &object, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += object.area() + (i == 3 ? object.scale++ : 0);
  return sum;
}

int main() {
  square q(HIDE(3));
  rectangle r(HIDE(2), 5);
  dot d;
  labelled l(HIDE(4), 6, 50);
  std::vector<const shape *> all{&q, &r, &d, &l};
  int wanted = 0;
  const int areas[] = {9, 10, 1, 24}, twices[] = {18, 20, 3, 49};
  for (int i = 0; i < 4; i++) {
    wanted = wanted * 2 + 3 * areas[i] + twices[i];
    CHECK_EQ(by_member_pointer(*all[static_cast<size_t>(i)], &shape::twice), twices[i]);
    CHECK_EQ(by_member_pointer(*all[static_cast<size_t>(i)], &shape::area), areas[i]);
  }
  CHECK_EQ(total(all), wanted);
  named *n = HIDE(static_cast<named *>(&l));
  CHECK(n->code() == 54 && n->extra(9) == 9 && dynamic_cast<shape *>(n)->area() == 24);
  named plain;
  n = HIDE(&plain);
  CHECK_EQ(n->code(), 100);
  alignas(changed) unsigned char room[sizeof(changed)];
  changer *c = new (room) changer;
  CHECK_EQ(replaced(c), 107270);
  std::launder(c)->~changer();
  CHECK_EQ(known_type(HIDE(4)), 120 + 24 + 3 + 1);
  skipping s;
  recursive *rec = HIDE(static_cast<recursive *>(&s));
  CHECK_EQ(rec->run(HIDE(4)), 4 + 1000 + 2 + 1000 + 0);
  counting_more m;
  CHECK(counting::built == 12 && m.first == 1 && m.init() == 2);
  CHECK(loop(q, HIDE(6)) == 9 * 4 + 1 + 2 * 18 && loop<shape>(l, HIDE(2)) == 48);
  printf("%d %d\n", total(all), known_type(2));
  return verdict();
}
