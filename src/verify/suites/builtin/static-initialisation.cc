// Aims at: static objects: order of dynamic initialisation and destruction.
#include "check.h"
#include <cstdlib>
#include <cstring>
#include <string>

static char journal[64];
static int used;
static int note(char c) { journal[used++] = c; return c; }
NOINLINE static int computed(int x) { return HIDE(x); }

struct tracer {
  char name;
  int value;
  tracer(char n, int v) : name(n), value(v) { note(n); }
  ~tracer() { note(static_cast<char>(name - 32)); }
};
static void last();
struct registrar { registrar() { std::atexit(last); } };
static registrar before_all; // so that last() runs after every destructor
extern int defined_later;
static int early = defined_later + 100;        // reads the zero of static initialisation
static tracer first('a', 1);
int defined_later = computed(7);
static tracer second('b', early + first.value + defined_later);
extern const int constant_later;
static int from_constant = constant_later * 2; // constants are there before everything
const int constant_later = 21;
static int table[5] = {computed(1), 2, computed(3), first.value, sizeof(tracer)};
inline int shared = computed(11);
template <class T> struct per_type { static int id; };
static int next_id = 1;
template <class T> int per_type<T>::id = next_id++;

NOINLINE static tracer &local(int which) { // built on first use
  if (which == 1) { static tracer one('m', computed(10)); return one; }
  static tracer two('n', local(1).value + 1); // builds the other one first
  return two;
}
struct unlucky {
  int value;
  unlucky(int &left) : value(77) { note('t'); if (left-- > 0) throw left; }
};
NOINLINE static int retried(int &left) { // the guard is released when the constructor throws
  static unlucky u(left);
  return u.value;
}
NOINLINE static int counted() { static int n = computed(5); return n++; }
NOINLINE static int initialised_once(int x) {
  static const int kept = computed(x) * 2;
  return kept;
}
NOINLINE static int plain_static() { static int n; n += 3; return n; }
static int recursion_depth(int n) {
  static int deepest = 0;
  if (n > deepest) deepest = n;
  return n >= computed(6) ? deepest : recursion_depth(n + 1);
}
struct holder { static std::string text;
    static const std::string &get() { static std::string own = text + "!"; return own; } };
std::string holder::text = "static text that does not fit into the small buffer";

struct array_item { static int made; int id; array_item()
    : id(++made) {} ~array_item() { made--; } };
int array_item::made;
static array_item items[3];

static void last() {
  note('z');
  puts(journal);
  fflush(stdout);
  // Destruction runs in reverse; functions given to atexit take their place in the order.
  if (std::strcmp(journal, "abmntttNMxBAz") != 0) std::_Exit(1);
}
static void before_locals() { note('x'); }

int main() {
  CHECK(early == 100 && defined_later == 7 && second.value == 108 && from_constant == 42);
  CHECK(table[0] == 1 && table[2] == 3 && table[3] == 1 && table[4] == 8 && shared == 11);
  CHECK(per_type<int>::id != per_type<char>::id && per_type<int>::id + per_type<char>::id == 3);
  CHECK(std::strcmp(journal, "ab") == 0);
  std::atexit(before_locals);
  CHECK(local(HIDE(2)).value == 11 && local(1).value == 10 && &local(2) == &local(2)
      && std::strcmp(journal, "abmn") == 0);
  int left = HIDE(2), failures = 0;
  for (int i = 0; i < 4; i++) try { CHECK_EQ(retried(left), 77); } catch (int) { failures++; }
  CHECK(failures == 2 && left == -1 && std::strcmp(journal, "abmnttt") == 0);
  counted();
  counted();
  CHECK(counted() == 7 && initialised_once(HIDE(4)) == 8 && initialised_once(HIDE(100)) == 8);
  plain_static();
  CHECK(plain_static() == 6 && recursion_depth(0) == 6 && recursion_depth(HIDE(9)) == 9);
  CHECK(holder::get().size() == 52 && &holder::get() == &holder::get());
  CHECK(array_item::made == 3 && items[2].id == 3);
  return verdict();
}
