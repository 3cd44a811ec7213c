// Aims at: exceptions out of constructors, operator new, member and base initialisers.
#include "check.h"
#include <cstdlib>
#include <new>
#include <string>

static std::string journal;
static int budget = 1000; // how many more parts may be built
struct part {
  char name;
  explicit part(char n) : name(n) { if (budget-- <= 0) throw n; journal += n; }
  part(const part &p) : part(static_cast<char>(p.name + 1)) {}
  ~part() { journal += static_cast<char>(name - 32); }
};
struct base_a { part p{'a'}; };
struct base_b : virtual base_a { part p{'b'}; };
struct base_c : virtual base_a { part p{'c'}; };
struct whole : base_b, base_c {
  part first{'d'};
  part list[2];
  part last;
  whole() : list{part('e'), part('f')}, last('g') { part local('h'); }
};
struct delegating {
  part p;
  explicit delegating(int fail) : p('m') { if (fail == 1) throw 'x'; }
  delegating() : delegating(0) { throw 'y'; } // the object is complete: its destructor runs
  ~delegating() { journal += '~'; }
};
struct with_try {
  part p;
  int result;
  with_try(char n, int &out) try : p(n), result(part('t').name) { if (n == 'v') throw 'w'; }
  catch (char c) { out = c; } // rethrows by itself
};
static int allocations, releases;
struct from_pool {
  part p{'n'};
  static void *operator new(std::size_t size) { allocations++; return std::malloc(size); }
  static void operator delete(void *at) { releases++; std::free(at); }
  static void *operator new(std::size_t size, int extra) {
    allocations += extra;
    return std::malloc(size);
  }
  static void operator delete(void *at, int extra) { releases += extra; std::free(at); }
};
template <class F> static std::string attempt(int parts, F f) {
  journal.clear();
  budget = HIDE(parts);
  try { f(); journal += '.'; } catch (char c) { journal += '!'; journal += c; }
  budget = 1000;
  return journal;
}

int main() {
  const char *wanted[] = {"!a", "aA!b", "abBA!c", "abcCBA!d", "abcdDCBA!e", "abcdeEDCBA!f",
      "abcdefFEDCBA!g",
                          "abcdefgGFEDCBA!h", "abcdefghHGFEDCBA."};
  for (int parts = 0; parts <= 8; parts++) {
    std::string seen = attempt(parts, [] { whole w; });
    CHECK(seen == wanted[parts]);
    printf("%s\n", seen.c_str());
  }
  CHECK(attempt(0, [] { delegating d(HIDE(0)); }) == "!m");
  CHECK(attempt(9, [] { delegating d(HIDE(0)); }) == "m~M.");
  CHECK(attempt(9, [] { delegating d(HIDE(1)); }) == "mM!x");
  CHECK(attempt(9, [] { delegating d; }) == "m~M!y");

  int out = 0;
  CHECK(attempt(9, [&] { with_try w('u', out); }) == "utTU." && out == 0);
  CHECK(attempt(1, [&] { with_try w('u', out); }) == "uU!t" && out == 't');
  CHECK(attempt(9, [&] { with_try w('v', out); }) == "vtTV!w" && out == 'w');
  CHECK(attempt(0, [&] { with_try w('u', out); }) == "!u" && out == 'u');

  CHECK(attempt(9, [] { delete new from_pool; }) == "nN." && allocations == 1 && releases == 1);
  CHECK(attempt(0, [] { delete new from_pool; }) == "!n" && allocations == 2 && releases == 2);
  CHECK(attempt(0, [] { delete new (HIDE(10)) from_pool; }) == "!n" && allocations == 12
      && releases == 12);

  CHECK(attempt(2, [] { delete[] new part[3]{part('i'), part('j'), part('k')}; }) == "ijJI!k");
  CHECK(attempt(3, [] { delete[] new part[3]{part('i'), part('j'), part('k')}; }) == "ijkKJI.");
  CHECK(attempt(3, [] { part list[2] = {part('q'), part('r')}, copy = list[1]; }) == "qrsSRQ.");
  CHECK(attempt(2, [] { part list[2] = {part('q'), part('r')}, copy = list[1]; }) == "qrRQ!s");
  CHECK(attempt(3, [] { struct holder { part a, b; } one{part('a'), part('c')}, two = one;
      }) == "acbBCA!d");
  return verdict();
}
