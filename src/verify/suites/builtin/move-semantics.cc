// Aims at: moves, copies and elisions counted; self-assignment, swap, returned members.
#include "check.h"
#include <string>
#include <utility>
#include <vector>

struct stats { int copies, moves, alive; };
static stats seen;
class buffer {
  int *data;
  int size;

 public:
  explicit buffer(int n) : data(new int[static_cast<size_t>(n)]), size(n) {
    for (int i = 0; i < n; i++) data[i] = i * n;
    seen.alive++;
  }
  buffer(const buffer &o) : data(new int[static_cast<size_t>(o.size)]), size(o.size) {
    for (int i = 0; i < size; i++) data[i] = o.data[i];
    seen.copies++;
    seen.alive++;
  }
  buffer(buffer &&o) noexcept : data(std::exchange(o.data, nullptr)),
      size(std::exchange(o.size, 0)) {
    seen.moves++;
    seen.alive++;
  }
  // Copy and swap: safe with itself.
  buffer &operator=(buffer o) noexcept { swap(*this, o); return *this; }
  ~buffer() { delete[] data; seen.alive--; }
  friend void swap(buffer &a, buffer &b) noexcept {
    std::swap(a.data, b.data);
    std::swap(a.size, b.size);
  }
  int sum() const { int s = 0; for (int i = 0; i < size; i++) s += data[i]; return s; }
  int length() const { return size; }
  int &operator[](int i) { return data[i]; }
};
static bool counts(int copies, int moves) {
  bool same = seen.copies == copies && seen.moves == moves;
  if (!same) printf("copies %d moves %d, wanted %d %d\n", seen.copies, seen.moves, copies, moves);
  seen.copies = seen.moves = 0;
  return same;
}
NOINLINE static buffer fresh(int n) { return buffer(n); } // elided by the language
NOINLINE static buffer passed(buffer b) { b[0]++; return b; } // a parameter is moved, never elided
NOINLINE static buffer chosen(const buffer &a, const buffer &b, bool c) { return c ? a : b; }
NOINLINE static buffer &&forwarded(buffer &&b) { return std::move(b); }
struct holder {
  buffer b{4};
  std::string name = "a name that is too long for the small buffer";
  NOINLINE buffer take() && { return std::move(b); }
  NOINLINE const buffer &look() const & { return b; }
};
template <class T> NOINLINE static int sink(T &&t) { // copies an lvalue, moves an rvalue
  buffer mine(std::forward<T>(t));
  return mine.sum();
}
struct pair { buffer first, second; };
NOINLINE static int overload(const buffer &) { return 1; }
NOINLINE static int overload(buffer &&) { return 2; }
NOINLINE static int overload(const buffer &&) { return 3; }

int main() {
  {
    buffer a = fresh(HIDE(5));
    CHECK(a.sum() == 50 && counts(0, 0));
    buffer b = passed(a);
    CHECK(b[0] == 1 && a[0] == 0 && counts(1, 1));
    buffer c = passed(std::move(b));
    CHECK(c[0] == 2 && b.length() == 0 && b.sum() == 0 && counts(0, 2));
    buffer d = passed(fresh(HIDE(3)));
    CHECK(d.sum() == 10 && counts(0, 1));
    b = c;
    CHECK(b.sum() == c.sum() && counts(1, 0));
    b = *HIDE(&b); // with itself
    CHECK(b.sum() == 52 && b[0] == 2 && counts(1, 0));
    b = fresh(2);
    CHECK(b.sum() == 2 && counts(0, 0));
    swap(a, b);
    CHECK(a.length() == 2 && b.length() == 5 && counts(0, 0));
    std::swap(a, b);
    CHECK(a.length() == 5 && b.length() == 2 && counts(0, 3));
    buffer e = chosen(a, b, HIDE(false));
    CHECK(e.sum() == 2 && counts(1, 0));
    buffer f = forwarded(std::move(e));
    CHECK(f.sum() == 2 && e.length() == 0 && counts(0, 1));
    CHECK(sink(f) == 2 && f.length() == 2 && counts(1, 0));
    CHECK(sink(std::move(f)) == 2 && f.length() == 0 && counts(0, 1));
    CHECK(sink(buffer(HIDE(3))) == 9 && counts(0, 1));
    const buffer constant(2);
    CHECK(overload(a) * 100 + overload(buffer(1)) * 10 + overload(std::move(constant)) == 123
        && counts(0, 0));
    holder h;
    buffer g = h.look();
    buffer taken = std::move(h).take();
    CHECK(g.sum() == 24 && taken.sum() == 24 && h.look().length() == 0 && counts(1, 1));
    holder k = std::move(h), m = k;
    CHECK(m.name.size() == 44 && k.name == m.name && counts(1, 1));
    pair p{fresh(2), std::move(taken)};
    pair q = std::move(p);
    CHECK(q.second.sum() == 24 && p.second.length() == 0 && counts(0, 3));
    std::vector<buffer> list;
    list.reserve(2);
    list.emplace_back(HIDE(3));
    list.push_back(buffer(4));
    CHECK(counts(0, 1));
    list.push_back(buffer(5)); // grows: the noexcept moves are used
    CHECK(counts(0, 3) && list[0].sum() == 9 && list[2].sum() == 50);
    buffer last = std::move(list[2]);
    list.insert(list.begin(), std::move(last));
    CHECK(list[0].sum() == 50 && list[3].length() == 0 && list.size() == 4);
    list.erase(list.begin() + 1);
    CHECK(list[1].sum() == 24 && list.size() == 3 && seen.copies == 0);
    auto [first, second] = std::move(q);
    CHECK(first.sum() == 2 && second.sum() == 24);
  }
  CHECK_EQ(seen.alive, 0);
  printf("%d\n", sink(fresh(HIDE(6))));
  return verdict();
}
