// Aims at: closures by value and reference, mutable and recursive ones, std::function.
#include "check.h"
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

NOINLINE static std::function<int()> make_counter(int start, int step) {
  return [n = start, step]() mutable { n += step; return n; };
}
NOINLINE static std::function<int(int)> compose(std::function<int(int)> f,
    std::function<int(int)> g) {
  return [=](int x) { return f(g(x)); };
}
template <class F> NOINLINE static int apply_all(F f, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum = sum * 3 + f(i);
  return sum;
}
NOINLINE static int by_pointer(int (*f)(int, int), int a, int b) { return f(a, b); }

class any_shape { // small-buffer type erasure by hand
  struct table { int (*area)(const void *); void (*copy)(void *, const void *);
      void (*destroy)(void *); };
  template <class T> static constexpr table table_of = {
      [](const void *p) { return static_cast<const T *>(p)->area(); },
      [](void *to, const void *from) { new (to) T(*static_cast<const T *>(from)); },
      [](void *p) { static_cast<T *>(p)->~T(); }};
  alignas(std::max_align_t) unsigned char room[48];
  const table *calls;

 public:
  template <class T, class = std::enable_if_t<!std::is_same_v<T, any_shape>>> any_shape(const T &t)
      : calls(&table_of<T>) {
    static_assert(sizeof(T) <= sizeof room);
    new (room) T(t);
  }
  any_shape(const any_shape &o) : calls(o.calls) { calls->copy(room, o.room); }
  any_shape &operator=(const any_shape &o) {
    if (this != &o) { calls->destroy(room); calls = o.calls; calls->copy(room, o.room); }
    return *this;
  }
  ~any_shape() { calls->destroy(room); }
  int area() const { return calls->area(room); }
};
static int living;
struct square { int side; int area() const { return side * side; } };
struct polygon {
  std::vector<int> sides;
  explicit polygon(std::vector<int> s) : sides(std::move(s)) { living++; }
  polygon(const polygon &p) : sides(p.sides) { living++; }
  ~polygon() { living--; }
  int area() const { int sum = 0; for (int s : sides) sum += s; return sum; }
};
struct button {
  int clicks = 0;
  std::function<void(button &)> on_click;
  void click() { clicks++; if (on_click) { auto f = on_click; f(*this); } }
};

int main() {
  auto a = make_counter(HIDE(10), 5), b = a; // the copy counts on its own
  a();
  a();
  CHECK(a() == 25 && b() == 15 && a() == 30);
  int captured = HIDE(7);
  auto by_value = [captured](int x) { return captured * 10 + x; };
  auto by_reference = [&captured](int x) { captured += x; return captured; };
  captured = 100;
  CHECK(by_value(3) == 73 && by_reference(5) == 105 && captured == 105);
  CHECK(apply_all(by_value, 4) == ((70 * 3 + 71) * 3 + 72) * 3 + 73
      && apply_all([](int i) { return i; }, HIDE(4)) == 18);
  CHECK(apply_all(by_reference, HIDE(3)) == (105 * 3 + 106) * 3 + 108 && captured == 108);
  CHECK(by_pointer([](int x, int y) { return x - y; }, HIDE(9), 4) == 5
      && by_pointer([](int x, int y) { return y - x; }, 9, HIDE(4)) == -5);
  auto f = compose([](int x) { return x + 1; },
      compose([k = HIDE(3)](int x) { return x * k; }, [](int x) { return x - 2; }));
  CHECK_EQ(f(HIDE(10)), 25);
  std::function<int(int)> factorial =
      [&factorial](int n) { return n < 2 ? 1 : n * factorial(n - 1); };
  auto fix = [](auto self, int n) -> int { return n < 2 ? n : self(self, n - 1) +
      self(self, n - 2); };
  CHECK(factorial(HIDE(10)) == 3628800 && fix(fix, HIDE(15)) == 610);
  std::vector<std::function<int()>> later;
  for (int i = 0; i < 5; i++) later.push_back([i, &captured] { return i * captured; });
  captured = 2;
  int sum = 0;
  for (auto &g : later) sum = sum * 10 + g();
  CHECK_EQ(sum, 2468);
  auto unique = [p = std::make_unique<int>(HIDE(41))]() { return ++*p; };
  auto moved = std::move(unique);
  CHECK(moved() == 42 && moved() == 43);
  {
    std::vector<any_shape> shapes{square{HIDE(3)}, polygon({1, 2, 3}), square{4}};
    std::vector<any_shape> copies = shapes;
    copies[0] = shapes[1];
    copies[1] = copies[2];
    int areas = 0;
    for (const auto &s : shapes) areas = areas * 100 + s.area();
    for (const auto &s : copies) areas = areas * 10 + s.area() % 10;
    CHECK(areas == 90616666 && living == 2);
  }
  CHECK_EQ(living, 0);
  button x;
  std::string log;
  x.on_click = [&log](button &me) { log += "first"; me.on_click =
      [&log](button &) { log += ",then"; }; };
  x.click(); // replaces its own function while it runs
  x.click();
  x.on_click = nullptr;
  x.click();
  CHECK(log == "first,then" && x.clicks == 3);
  auto member = std::mem_fn(&square::area);
  auto bound = std::bind(&square::area, square{HIDE(5)});
  CHECK(member(square{6}) == 36 && bound() == 25);
  struct overloaded { int operator()(int) { return 1; } int operator()(double) { return 2;
      } int operator()(const char *) const { return 3; } } o;
  CHECK(o(1) * 100 + o(HIDE(1.0)) * 10 + o("") == 123);
  printf("%d %s\n", sum, log.c_str());
  return verdict();
}
