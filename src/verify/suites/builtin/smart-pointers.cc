// Aims at: shared, weak and unique pointers: counts, cycles, aliasing, custom deleters, casts.
#include "check.h"
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

static int alive, deleted;
struct node : std::enable_shared_from_this<node> {
  int id;
  std::shared_ptr<node> next;
  std::weak_ptr<node> back;
  explicit node(int i) : id(i) { alive++; }
  virtual ~node() { alive--; }
};
struct special : node { int extra = 9; using node::node; ~special() override { deleted += 100; } };
NOINLINE static std::shared_ptr<node> chain(int n, bool cycle) {
  auto head = std::make_shared<node>(0), last = head;
  for (int i = 1; i < n; i++) {
    last->next = std::make_shared<node>(i);
    last->next->back = last;
    last = last->next;
  }
  if (cycle) last->next = head;
  return head;
}
NOINLINE static int walk_back(const std::shared_ptr<node> &head) {
  auto at = head;
  while (at->next) at = at->next;
  int sum = 0;
  for (; at; at = at->back.lock()) sum = sum * 10 + at->id;
  return sum;
}
NOINLINE static long counts(std::shared_ptr<node> by_value,
    const std::shared_ptr<node> &by_reference) {
  return by_value.use_count() * 10 + by_reference.use_count();
}

template <class T> class intrusive { // a counted pointer by hand
  T *p;
 public:
  explicit intrusive(T *q = nullptr) : p(q) { if (p) p->count++; }
  intrusive(const intrusive &o) : intrusive(o.p) {}
  intrusive(intrusive &&o) noexcept : p(std::exchange(o.p, nullptr)) {}
  intrusive &operator=(intrusive o) { std::swap(p, o.p); return *this; }
  ~intrusive() { if (p && --p->count == 0) delete p; }
  T *operator->() const { return p; }
  explicit operator bool() const { return p; }
};
struct item { int count = 0, value; intrusive<item> rest; item(int v, intrusive<item> r)
    : value(v), rest(std::move(r)) { alive++; } ~item() { alive--; } };
NOINLINE static intrusive<item> reversed(intrusive<item> list) {
  intrusive<item> out;
  while (list) { // moved link by link, counts never reach zero on the way
    intrusive<item> next = list->rest;
    list->rest = std::move(out);
    out = std::move(list);
    list = std::move(next);
  }
  return out;
}
struct tree {
  int key;
  std::unique_ptr<tree> left, right;
  explicit tree(int k) : key(k) { alive++; }
  ~tree() { alive--; }
};
NOINLINE static void insert(std::unique_ptr<tree> &at, int key) {
  std::unique_ptr<tree> *slot = &at;
  while (*slot) slot = key < (*slot)->key ? &(*slot)->left : &(*slot)->right;
  *slot = std::make_unique<tree>(key);
}
// Ownership through every call.
NOINLINE static std::unique_ptr<tree> without(std::unique_ptr<tree> t, int key) {
  if (!t) return nullptr;
  if (key < t->key) { t->left = without(std::move(t->left), key); return t; }
  if (key > t->key) { t->right = without(std::move(t->right), key); return t; }
  if (!t->left) return std::move(t->right);
  if (!t->right) return std::move(t->left);
  tree *least = t->right.get();
  while (least->left) least = least->left.get();
  t->key = least->key;
  t->right = without(std::move(t->right), t->key);
  return t;
}
static int in_order(const tree *t, int sum) {
  return t ? in_order(t->right.get(), in_order(t->left.get(), sum) * 7 % 10007 + t->key) : sum;
}

struct logging { // a deleter that can be swapped
  int *log;
  void operator()(int *p) const { *log = *log * 10 + *p; delete p; }
};

int main() {
  {
    auto head = chain(HIDE(5), false);
    CHECK(alive == 5 && walk_back(head) == 43210 && counts(head, head) == 22);
    std::weak_ptr<node> second = head->next;
    // Shares the node, points at its member.
    std::shared_ptr<int> inside(head->next, &head->next->id);
    head = nullptr;
    CHECK(alive == 4 && !second.expired() && *inside == 1 && second.lock()->back.expired());
    inside.reset();
    CHECK(alive == 0 && second.expired() && !second.lock());
    head = chain(HIDE(3), true);
    auto *raw = head.get();
    CHECK(head.use_count() == 2 && raw->shared_from_this() == head);
    head->next->next->next.reset(); // breaks the cycle
    head.reset();
    CHECK_EQ(alive, 0);
  }
  {
    std::shared_ptr<node> n = std::make_shared<special>(HIDE(4));
    std::shared_ptr<void> anything = n; // still knows how to destroy
    auto s = std::dynamic_pointer_cast<special>(n);
    CHECK(s && s->extra == 9 && !std::dynamic_pointer_cast<special>(std::make_shared<node>(1)));
    n.reset(), s.reset();
    CHECK(alive == 1 && deleted == 0);
    anything.reset();
    CHECK(alive == 0 && deleted == 100);
    int log = 0;
    const logging deleter{&log};
    { std::unique_ptr<int, logging> a(new int(HIDE(1)), deleter), b(new int(2), deleter);
    a.swap(b); a.reset(new int(3)); }
    { std::shared_ptr<int> c(new int(4), deleter), d = c; c.reset(new int(5), deleter); }
    CHECK_EQ(log, 21345);
  }
  {
    intrusive<item> list;
    for (int i = 1; i < 6; i++) list = intrusive<item>(new item(HIDE(i), list));
    auto keep = list->rest->rest;
    list = reversed(std::move(list));
    int sum = 0;
    for (auto at = list; at; at = at->rest) sum = sum * 10 + at->value;
    CHECK(sum == 12345 && keep->value == 3 && keep->count == 2 && alive == 5);
  }
  CHECK_EQ(alive, 0);
  std::unique_ptr<tree> t;
  for (int i = 0; i < 40; i++) insert(t, HIDE(i) * 23 % 41);
  for (int i = 0; i < 40; i += 3) t = without(std::move(t), i * 23 % 41);
  t = without(std::move(t), HIDE(1000));
  int wanted = 0, kept = 0;
  for (int key = 0; key < 41; key++) for (int i = 0; i < 40; i++) if (i * 23 % 41 == key
      && i % 3) wanted = wanted * 7 % 10007 + key, kept++;
  CHECK(in_order(t.get(), 0) == wanted && alive == kept);
  auto shared = std::make_shared<node>(HIDE(77));
  std::vector<std::thread> threads;
  for (int i = 0; i < 3;
      i++) threads.emplace_back([shared] {
      for (int k = 0; k < 500; k++) { auto copy = shared; if (copy->id != 77) std::terminate();
      } });
  for (auto &thread : threads) thread.join();
  threads.clear();
  CHECK(shared.use_count() == 1);
  printf("%d %d\n", wanted, kept);
  return verdict();
}
