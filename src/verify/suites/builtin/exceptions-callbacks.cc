// Aims at: exceptions through function pointers, virtual calls, std::function.
#include "check.h"
#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

struct stop { int at; };
typedef int (*callback)(void *, int);
static int cleanups;
struct counter { ~counter() { cleanups++; } };

NOINLINE static int each(int n, callback f, void *state) {
  counter c;
  int sum = 0;
  for (int i = 0; i < n; i++) sum += f(state, i);
  return sum;
}
static int plain(void *, int i) { return i; }
static int until(void *limit, int i) {
  if (i == *static_cast<int *>(limit)) throw stop{i};
  return 1;
}
static int nested(void *limit, int i) {
  counter c;
  try { return each(i, until, limit); } catch (const stop &s) {
    if (i % 2) throw stop{s.at * 100 + i};
    return -s.at;
  }
}
struct visitor { virtual ~visitor() = default; virtual bool visit(int) = 0; };
struct tree {
  int value;
  const tree *left, *right;
  NOINLINE void walk(visitor &v) const {
    counter c;
    if (left) left->walk(v);
    if (v.visit(value)) throw this;
    if (right) right->walk(v);
  }
};
struct finder : visitor {
  int wanted, steps = 0;
  explicit finder(int w) : wanted(w) {}
  bool visit(int v) override { steps++; return v == wanted; }
};
struct summer final : visitor {
  int sum = 0;
  // Never throws: the landing pad stays for others.
  bool visit(int v) noexcept override { sum += v; return false; }
};
NOINLINE static const tree *find(const tree &t, visitor &v) {
  try { t.walk(v); } catch (const tree *found) { return found; }
  return nullptr;
}
NOINLINE static int via_function(const std::function<int(int)> &f, int x) {
  try { return f(x); } catch (int thrown) { return -thrown;
      } catch (const std::bad_function_call &) { return -1000; }
}
NOINLINE static int sort_stops(std::vector<int> items, int comparisons) {
  try {
    std::sort(items.begin(), items.end(),
        [&](int a, int b) { if (comparisons-- == 0) throw stop{1}; return a < b; });
  } catch (const stop &) {
    std::sort(items.begin(), items.end()); // still holds the same values
    return std::accumulate(items.begin(), items.end(), 0,
        [](int h, int x) { return (h * 31 + x) % 10007; });
  }
  return -1;
}

int main() {
  int limit = HIDE(4);
  callback f = HIDE(callback(plain));
  CHECK(each(10, f, nullptr) == 45 && cleanups == 1);
  int at = -1;
  try { each(HIDE(10), until, &limit); } catch (const stop &s) { at = s.at; }
  CHECK(at == 4 && cleanups == 2);
  cleanups = 0;
  at = -1;
  try { each(HIDE(10), nested, &limit); } catch (const stop &s) { at = s.at; }
  // Rounds 0 to 4 pass, round 5 catches and throws on: two cleanups each, and the outer one.
  CHECK(at == 405 && cleanups == 2 * 6 + 1);
  limit = HIDE(2);
  try { CHECK_EQ(each(HIDE(3), nested, &limit), 3); } catch (const stop &) { CHECK(false); }

  tree n1{1, nullptr, nullptr}, n3{3, nullptr, nullptr}, n2{2, &n1, &n3}, n5{5, nullptr, nullptr},
      n4{4, &n2, &n5};
  for (int wanted = 1; wanted <= 6; wanted++) {
    finder v(HIDE(wanted));
    cleanups = 0;
    const tree *t = find(n4, v);
    CHECK(wanted == 6 ? t == nullptr && v.steps == 5 && cleanups == 5 : t && t->value == wanted
        && v.steps == wanted);
  }
  summer s;
  CHECK(find(n4, s) == nullptr && s.sum == 15);

  int calls = 0;
  std::function<int(int)> g = [&calls](int x) { calls++; if (x > 5) throw x * 2; return x; };
  CHECK(via_function(g, HIDE(3)) == 3 && via_function(g, HIDE(8)) == -16 && calls == 2);
  std::function<int(int)> inner = [&](int x) { return via_function(g, x) + 1; };
  CHECK(via_function(inner, HIDE(8)) == -15 && via_function({}, 1) == -1000);

  std::vector<int> items;
  for (int i = 0; i < 40; i++) items.push_back(HIDE(i) * 17 % 41);
  int whole = std::accumulate(items.begin(), items.end(), 0);
  std::vector<int> sorted = items;
  std::sort(sorted.begin(), sorted.end());
  int hash = std::accumulate(sorted.begin(), sorted.end(), 0,
      [](int h, int x) { return (h * 31 + x) % 10007; });
  CHECK(sort_stops(items, 100000) == -1);
  // Ints are swapped whole, yet an insertion may hold one value twice: only its range is checked.
  bool same = true;
  for (int n = 0; n < 30; n += 7) same = same && sort_stops(items, HIDE(n)) >= 0;
  CHECK(same && whole == std::accumulate(sorted.begin(), sorted.end(), 0));
  printf("%d %d %d\n", at, hash, whole);
  return verdict();
}
