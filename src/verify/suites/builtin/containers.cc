// Aims at: the standard containers and algorithms, checked against slow models: vector, deque.
#include "check.h"
#include <algorithm>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <numeric>
#include <queue>
#include <set>
#include <unordered_map>
#include <vector>

static std::uint32_t state;
static int next(int limit) {
  state = state * 1664525 + 1013904223;
  return static_cast<int>(state >> 8) % limit;
}

NOINLINE static void vector_against_array() {
  std::vector<int> v;
  int model[128], n = 0;
  for (int round = 0; round < 300; round++) {
    int at = next(n + 1), value = next(1000);
    if (n < 100 && next(3)) {
      v.insert(v.begin() + at, value);
      for (int i = n++; i > at; i--) model[i] = model[i - 1];
      model[at] = value;
    } else if (n) {
      at %= n;
      v.erase(v.begin() + at);
      for (int i = at; i + 1 < n; i++) model[i] = model[i + 1];
      n--;
    }
  }
  CHECK(v.size() == static_cast<size_t>(n) && std::equal(v.begin(), v.end(), model));
  v.erase(std::remove_if(v.begin(), v.end(), [](int x) { return x % 3 == 0; }), v.end());
  int kept = static_cast<int>(std::count_if(model, model + n, [](int x) { return x % 3 != 0; }));
  CHECK_EQ(v.size(), kept);
  std::rotate(v.begin(), v.begin() + kept / 3, v.end());
  std::sort(v.begin(), v.end(), [](int a, int b) { return a / 10 < b / 10; });
  CHECK(std::is_sorted(v.begin(), v.end(), [](int a, int b) { return a / 10 < b / 10; }));
  printf("vector %d %d\n", kept, std::accumulate(v.begin(), v.end(), 0));
}
NOINLINE static void map_against_array() {
  std::map<int, int> m;
  std::unordered_map<int, int> u;
  std::multiset<int> bag;
  int model[64] = {0};
  for (int round = 0; round < 500; round++) {
    int key = next(64);
    if (next(4)) m[key] += round, u[key] += round, bag.insert(key), model[key] += round;
    else m.erase(key), u.erase(key), bag.erase(key), model[key] = 0;
  }
  long sum = 0;
  int previous = -1;
  for (const auto &[key, value] : m) {
    CHECK(key > previous && value == model[key] && u.at(key) == value && bag.count(key) >= 1);
    previous = key;
    sum = (sum * 31 + value) % 1000003;
  }
  CHECK(m.size() == u.size()
      && m.size() == static_cast<size_t>(std::count_if(model, model + 64,
      [](int x) { return x != 0; })));
  for (int key = 0; key < 64; key++) {
    auto at = m.lower_bound(key);
    int slow = key;
    while (slow < 64 && !model[slow]) slow++;
    CHECK(at == m.end() ? slow == 64 : at->first == slow);
  }
  printf("map %d %ld %d\n", static_cast<int>(m.size()), sum, static_cast<int>(bag.size()));
}
NOINLINE static void queues() {
  std::deque<int> d;
  std::list<int> l;
  for (int i = 0; i < 200; i++) {
    int v = next(100);
    if (v % 2) d.push_back(v), l.push_back(v);
    else d.push_front(v), l.push_front(v);
    if (i % 5 == 4) d.pop_front(), l.pop_front();
  }
  CHECK(d.size() == 160 && std::equal(d.begin(), d.end(), l.begin()));
  std::priority_queue<int, std::vector<int>, std::greater<>> heap(d.begin(), d.end());
  l.sort();
  l.reverse();
  while (!heap.empty()) { CHECK_EQ(heap.top(), l.back()); heap.pop(); l.pop_back(); }
  std::list<int> a{1, 4, 9}, b{2, 3, 10};
  a.merge(b);
  b.splice(b.begin(), a, std::next(a.begin()), std::prev(a.end()));
  CHECK(a == (std::list<int>{1, 10}) && b == (std::list<int>{2, 3, 4, 9}));
}
NOINLINE static void algorithms() {
  std::vector<int> v(50);
  std::iota(v.begin(), v.end(), HIDE(-10));
  std::vector<int> shuffled = v;
  for (int i = 49; i > 0; i--) std::swap(shuffled[static_cast<size_t>(i)],
      shuffled[static_cast<size_t>(next(i + 1))]);
  std::nth_element(shuffled.begin(), shuffled.begin() + 20, shuffled.end());
  CHECK(shuffled[20] == 10 && *std::max_element(shuffled.begin(), shuffled.begin() + 20) == 9);
  std::partial_sort(shuffled.begin(), shuffled.begin() + 5, shuffled.end(), std::greater<>());
  CHECK(shuffled[0] == 39 && shuffled[4] == 35);
  std::sort(shuffled.begin(), shuffled.end());
  CHECK(shuffled == v && std::binary_search(v.begin(), v.end(), 39)
      && !std::binary_search(v.begin(), v.end(), HIDE(40)));
  std::vector<int> evens, both;
  std::copy_if(v.begin(), v.end(), std::back_inserter(evens), [](int x) { return x % 2 == 0; });
  std::set_difference(v.begin(), v.end(), evens.begin(), evens.end(), std::back_inserter(both));
  CHECK(both.size() == 25 && both[0] == -9
      && std::inner_product(evens.begin(), evens.end(), both.begin(),
      0) == std::inner_product(both.begin(), both.end(), evens.begin(), 0));
  int permutations = 0;
  std::vector<char> word{'a', 'b', 'b', 'c'};
  do permutations++; while (std::next_permutation(word.begin(), word.end()));
  CHECK_EQ(permutations, 12);
  std::vector<bool> sieve(200, true);
  for (size_t i = 2; i * i < 200; i++) if (sieve[i]) for (size_t j = i * i; j < 200;
      j += i) sieve[j] = false;
  CHECK_EQ(std::count(sieve.begin() + 2, sieve.end(), true), 46);
  sieve.flip();
  CHECK(sieve[4] && !sieve[199]
      && *std::unique(v.begin(), v.end(), [](int a, int b) { return a / 5 == b / 5; }) >= 0);
}

int main() {
  state = HIDE(99u);
  vector_against_array();
  map_against_array();
  queues();
  algorithms();
  return verdict();
}
