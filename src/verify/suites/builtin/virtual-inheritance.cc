// Aims at: virtual bases: offsets, construction order, thunks with changing adjustments.
#include "check.h"
#include <string>

static std::string journal;
struct root {
  int id;
  explicit root(int i) : id(i) { journal += "R" + std::to_string(i); }
  virtual ~root() { journal += "r"; }
  virtual int who() const { return 1; }
  virtual root *self() { return this; } // covariant below
};
struct left : virtual root {
  int l = 10;
  explicit left(int i) : root(i * 100) { journal += "L" + std::to_string(who()); }
  ~left() override { journal += "l" + std::to_string(who()); }
  int who() const override { return 2; }
  left *self() override { return this; }
  virtual int left_sum() { return l + id; }
};
struct right : virtual root {
  int r = 20;
  explicit right(int i) : root(i * 1000) { journal += "Q" + std::to_string(who()); }
  ~right() override { journal += "q" + std::to_string(who()); }
  virtual int right_sum() { return r + id * 2; }
};
struct member { std::string name; explicit member(const char *n)
    : name(n) { journal += name; } ~member() { journal += name; } };
struct diamond : left, right {
  member m;
  int d = 30;
  explicit diamond(int i) : root(i), left(i), right(i), m("m") {
    journal += "D" + std::to_string(who());
  }
  ~diamond() override { journal += "d" + std::to_string(who()); }
  int who() const override { return 4; }
  diamond *self() override { return this; }
  int right_sum() override { return r + d + id; } // called through right: the pointer is adjusted
};
struct deeper : diamond {
  long pad[5] = {1, 2, 3, 4, 5}; // moves the virtual base again
  explicit deeper(int i) : root(i + 1), diamond(i) { journal += "E"; }
  ~deeper() override { journal += "e"; }
  int who() const override { return 5; }
  int left_sum() override { return static_cast<int>(l + id + pad[4]); }
};
NOINLINE static int through_root(root *r) { return r->who() * 1000 + r->id; }
NOINLINE static int through_left(left *l) { return l->left_sum() * 10 + l->who() + l->l; }
NOINLINE static int through_right(right *r) { return r->right_sum() * 10 + r->who() + r->r; }
NOINLINE static int member_pointer(int root::*p, diamond &d) { return d.*p; }
NOINLINE static int call_member(int (left::*f)(), left &l) { return (l.*f)(); }

int main() {
  {
    left l(HIDE(1));
    CHECK(journal == "R100L2" && through_root(&l) == 2100 && through_left(&l) == 1100 + 2 + 10);
    journal.clear();
  }
  CHECK(journal == "l2r");
  journal.clear();
  {
    diamond d(HIDE(7));
    CHECK(journal == "R7L2Q1mD4");
    CHECK(through_root(&d) == 4007 && through_left(&d) == 170 + 14 && through_right(&d) == 570 +
        24);
    CHECK(static_cast<root *>(static_cast<left *>(&d)) == static_cast<root *>(static_cast<right *>(&d)));
    root *r = HIDE(static_cast<root *>(&d));
    CHECK(r->self() == r && static_cast<left &>(d).self() == &d && d.self() == &d);
    CHECK(dynamic_cast<diamond *>(r) == &d);
    CHECK(member_pointer(&root::id, d) == 7 && call_member(&left::left_sum, d) == 17);
    journal.clear();
  }
  CHECK(journal == "d4mq1l2r");
  journal.clear();
  root *heap = new deeper(HIDE(3));
  CHECK(journal == "R4L2Q1mD4E" && through_root(heap) == 5004);
  deeper &e = dynamic_cast<deeper &>(*heap);
  CHECK(through_left(&e) == 190 + 15 && through_right(&e) == 540 + 25);
  static_cast<right &>(e).r = HIDE(5);
  static_cast<root &>(e).id = HIDE(1);
  CHECK(through_right(&e) == 360 + 10 && e.pad[0] == 1 && e.l == 10);
  left *l = &e;
  CHECK(call_member(&left::left_sum, *l) == 16 && l->self() == &e && heap->self() == heap);
  journal.clear();
  delete heap;
  CHECK(journal == "ed4mq1l2r");
  printf("%s\n", journal.c_str());
  return verdict();
}
