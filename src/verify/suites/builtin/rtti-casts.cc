// Aims at: dynamic_cast up, down, across and to void, typeid of dynamic types.
#include "check.h"
#include <cstring>
#include <memory>
#include <typeindex>
#include <typeinfo>
#include <vector>

struct animal { int legs; explicit animal(int l) : legs(l) {} virtual ~animal() = default;
    virtual const char *name() const = 0; };
struct swimmer { int depth = 10; virtual ~swimmer() = default;
    virtual int dive() { return depth; } };
struct flyer { int height = 20; virtual ~flyer() = default;
    virtual int climb() { return height; } };
struct fish : animal,
    swimmer { fish() : animal(0) {} const char *name() const override { return "fish"; } };
struct bird : animal,
    flyer { bird() : animal(2) {} const char *name() const override { return "bird"; } };
struct duck : bird, swimmer {
    duck() { depth = 1; } const char *name() const override { return "duck";
    } int climb() override { return 5; } };
struct goose final : duck { int dive() override { return 2; } };
// Private base: casts down from it fail.
struct hidden : private bird { animal *as_animal() { return this; } };

NOINLINE static int abilities(animal *a) {
  int r = 0;
  if (auto *s = dynamic_cast<swimmer *>(a)) r += s->dive() * 100; // across
  if (auto *f = dynamic_cast<flyer *>(a)) r += f->climb();
  if (dynamic_cast<duck *>(a)) r += 10000;
  if (dynamic_cast<goose *>(a)) r += 20000;
  return r;
}
NOINLINE static bool same_object(animal *a, flyer *f) {
  return dynamic_cast<void *>(a) == dynamic_cast<void *>(f);
}
NOINLINE static int reference_cast(animal &a) {
  try { return dynamic_cast<flyer &>(a).height; } catch (const std::bad_cast &) { return -1; }
}
NOINLINE static int exact(const animal &a) {
  return typeid(a) == typeid(bird) ? 1 : typeid(a) == typeid(duck) ? 2 : typeid(a) == typeid(goose)
      ? 3 : typeid(a) == typeid(fish) ? 4 : 0;
}
NOINLINE static std::type_index index_of(const animal *a) { return typeid(*a); }

struct left { virtual ~left() = default; int l = 1; };
struct right { virtual ~right() = default; int r = 2; };
struct top { virtual ~top() = default; };
struct twice_a : top {};
struct twice_b : top {};
struct twice : twice_a, twice_b {}; // top occurs twice: ambiguous
struct node : virtual left { int n = 3; };
struct bottom : node, virtual right { int b = 4; };
struct watch : left { // the type while under construction
  const std::type_info *seen;
  watch() : seen(&typeid(*this)) {}
};
struct watched : watch { const std::type_info *later; watched() : later(&typeid(*this)) {} };

int main() {
  std::vector<std::unique_ptr<animal>> zoo;
  zoo.emplace_back(new fish);
  zoo.emplace_back(new bird);
  zoo.emplace_back(new duck);
  zoo.emplace_back(new goose);
  const int wanted[] = {1000, 20, 10105, 30205};
  int sum = 0;
  for (int i = 0; i < 4; i++) {
    animal *a = HIDE(zoo[static_cast<size_t>(i)].get());
    CHECK_EQ(abilities(a), wanted[i]);
    CHECK_EQ(exact(*a), i == 0 ? 4 : i);
    CHECK_EQ(reference_cast(*a), i == 0 ? -1 : 20);
    CHECK((index_of(a) == index_of(zoo[2].get())) == (i == 2));
    flyer *f = dynamic_cast<flyer *>(a);
    CHECK(i == 0 ? f == nullptr : same_object(a, f) && dynamic_cast<animal *>(f) == a);
    sum = sum * 3 + abilities(a) + static_cast<int>(std::strlen(a->name()));
  }
  CHECK(!same_object(zoo[1].get(), dynamic_cast<flyer *>(zoo[2].get())));
  CHECK_EQ(abilities(HIDE(static_cast<animal *>(nullptr))), 0);
  bool thrown = false;
  animal *none = HIDE(static_cast<animal *>(nullptr));
  try { (void)typeid(*none).name();
      } catch (const std::bad_typeid &) { thrown = true; }
  CHECK(thrown);
  hidden h;
  animal *a = HIDE(h.as_animal());
  CHECK(dynamic_cast<flyer *>(a) == nullptr && dynamic_cast<hidden *>(a) == nullptr
      && typeid(*a) == typeid(hidden));

  twice t;
  top *through_b = HIDE(static_cast<top *>(static_cast<twice_b *>(&t)));
  CHECK(dynamic_cast<twice *>(through_b) == &t && dynamic_cast<twice_a *>(through_b) == &t);
  CHECK(dynamic_cast<top *>(HIDE(static_cast<twice_b *>(&t))) == through_b);
  bottom b;
  left *l = HIDE(static_cast<left *>(&b));
  CHECK(dynamic_cast<right *>(l)->r == 2 && dynamic_cast<node *>(l)->n == 3
      && dynamic_cast<bottom *>(l)->b == 4);
  node lone;
  CHECK(dynamic_cast<bottom *>(HIDE(static_cast<left *>(&lone))) == nullptr
      && dynamic_cast<right *>(HIDE(static_cast<left *>(&lone))) == nullptr);
  watched w;
  CHECK(*w.seen == typeid(watch) && *w.later == typeid(watched)
      && typeid(static_cast<left &>(w)) == typeid(watched));
  printf("%d\n", sum);
  return verdict();
}
