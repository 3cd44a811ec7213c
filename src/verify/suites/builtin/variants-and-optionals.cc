// Aims at: variant, optional, tuple and hand-made tagged unions with non-trivial members: tags.
#include "check.h"
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

static int alive;
struct tracked {
  int v;
  explicit tracked(int x) : v(x) { if (x < 0) throw x; alive++; }
  tracked(const tracked &t) : v(t.v) { alive++; }
  tracked &operator=(const tracked &) = default;
  ~tracked() { alive--; }
};
using value = std::variant<std::monostate, int, double, std::string, tracked, std::vector<int>>;
struct measure {
  int operator()(std::monostate) const { return -1; }
  int operator()(int i) const { return i; }
  int operator()(double d) const { return static_cast<int>(d * 10); }
  int operator()(const std::string &s) const { return static_cast<int>(s.size()) * 1000; }
  int operator()(const tracked &t) const { return t.v + 50; }
  int operator()(const std::vector<int> &v) const { int s = 0; for (int x : v) s += x; return s; }
};
NOINLINE static int measured(const value &v) { return std::visit(measure{}, v); }
NOINLINE static int both(const value &a, const value &b) { // a table of all pairs
  return std::visit([](const auto &x, const auto &y) { return measure{}(x) * 7 + measure{}(y) +
      (std::is_same_v<decltype(x), decltype(y)> ? 1000000 : 0); }, a, b);
}
class tagged { // by hand: union, tag and placement new
  enum kind { NUMBER, TEXT, LIST } tag;
  union { double number; std::string text; std::unique_ptr<std::vector<tagged>> list; };
  void destroy() {
    if (tag == TEXT) text.~basic_string(); else if (tag == LIST) list.~unique_ptr();
  }

 public:
  tagged(double d) : tag(NUMBER), number(d) {}
  tagged(const char *s) : tag(TEXT), text(s) {}
  tagged(std::vector<tagged> v) : tag(LIST),
      list(std::make_unique<std::vector<tagged>>(std::move(v))) {
  }
  tagged(const tagged &o) : tag(o.tag) {
    switch (tag) {
    case NUMBER: number = o.number; break;
    case TEXT: new (&text) std::string(o.text); break;
    case LIST: new (&list) std::unique_ptr<std::vector<tagged>>(new std::vector<tagged>(*o.list));
    break;
    }
  }
  tagged &operator=(const tagged &o) {
    if (this != &o) { tagged copy(o); destroy(); new (this) tagged(copy); }
    return *this;
  }
  ~tagged() { destroy(); }
  NOINLINE std::string show() const {
    if (tag == NUMBER) return std::to_string(static_cast<int>(number));
    if (tag == TEXT) return "'" + text + "'";
    std::string s = "(";
    for (const auto &t : *list) s += (s.size() > 1 ? " " : "") + t.show();
    return s + ")";
  }
};
NOINLINE static std::optional<int> divide(int a, int b) {
  if (b == 0) return std::nullopt;
  return a / b;
}
NOINLINE static std::optional<tracked> maybe(int x) { if (x % 2) return {}; return tracked(x); }
NOINLINE static std::tuple<int, std::string, double> parse(const std::string &s) {
  size_t at = s.find('='), end = s.find('#');
  return {static_cast<int>(at), s.substr(0, at), std::stod(s.substr(at + 1, end))};
}

int main() {
  std::vector<value> all{{}, HIDE(5), HIDE(2.5), std::string("four"), tracked(HIDE(7)),
      std::vector<int>{1, 2, 3}};
  const int wanted[] = {-1, 5, 25, 4000, 57, 6};
  long sum = 0;
  for (size_t i = 0; i < all.size(); i++) {
    CHECK(all[i].index() == i && measured(all[i]) == wanted[i]);
    for (size_t j = 0; j < all.size(); j++) {
      CHECK_EQ(both(all[i], all[j]), wanted[i] * 7 + wanted[j] + (i == j ? 1000000 : 0));
      value copy = all[i];
      copy = all[j];
      CHECK(copy.index() == j && measured(copy) == wanted[j]);
      copy.swap(all[i]);
      CHECK(measured(copy) == wanted[i] && measured(all[i]) == wanted[j]);
      all[i] = std::move(copy);
      sum = sum * 3 % 1000003 + measured(all[i]);
    }
  }
  CHECK_EQ(alive, 1);
  value v = tracked(1);
  bool thrown = false;
  try { v.emplace<tracked>(HIDE(-4)); } catch (int i) { thrown = i == -4; }
  CHECK(thrown && v.valueless_by_exception() && alive == 1);
  v = 9;
  CHECK(std::get<int>(v) == 9 && std::get_if<double>(&v) == nullptr);
  try { (void)std::get<double>(v); thrown = false; } catch (const std::bad_variant_access &) { }
  CHECK(thrown);
  tagged t(std::vector<tagged>{1.0, "two", std::vector<tagged>{3.5, "x"}}), u = t;
  t = tagged("gone");
  u = std::vector<tagged>{u, t, HIDE(8.0)};
  CHECK(t.show() == "'gone'" && u.show() == "((1 'two' (3 'x')) 'gone' 8)");
  t = u;
  t = *HIDE(&t);
  CHECK(t.show() == u.show());
  CHECK(divide(HIDE(7), 2) == 3 && !divide(1, HIDE(0)) && divide(1, HIDE(0)).value_or(-9) == -9
      && divide(0, 5) != std::nullopt);
  {
    auto a = maybe(HIDE(4)), b = maybe(HIDE(3)), c = a;
    CHECK(a && !b && alive == 3 && c->v == 4);
    a = b;
    b = c;
    CHECK(!a && b->v == 4 && alive == 3);
    b.reset();
    c.emplace(HIDE(10));
    CHECK(alive == 2 && c->v == 10 && std::optional<int>(1) < std::optional<int>(2)
        && std::optional<int>() < 0);
  }
  CHECK_EQ(alive, 1);
  auto [at, name, number] = parse("width=12.5#");
  CHECK(at == 5 && name == "width" && number == 12.5
      && std::make_tuple(1, 2.0) < std::make_tuple(1, HIDE(3.0)));
  printf("%ld %s\n", sum, u.show().c_str());
  return verdict();
}
