// Aims at: rethrow, exception_ptr, nested exceptions, uncaught counts.
#include "check.h"
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

struct counted {
  static int copies, alive;
  int id;
  explicit counted(int i) : id(i) { alive++; }
  counted(const counted &c) : id(c.id) { copies++; alive++; }
  ~counted() { alive--; }
};
int counted::copies, counted::alive;

NOINLINE static void fail(int i) { throw counted(i); }
NOINLINE static int through_levels(int levels) {
  if (levels < 0) return 0;
  if (levels == 0) fail(5);
  try { through_levels(levels - 1); }
  catch (counted &c) { c.id += levels; throw; }
  return 0;
}
NOINLINE static std::exception_ptr kept(int i) {
  try { fail(i); } catch (...) { return std::current_exception(); }
  return nullptr;
}
NOINLINE static int reopened(const std::exception_ptr &p) {
  try { std::rethrow_exception(p); }
  catch (const counted &c) { return c.id; }
  catch (const std::exception &e) { return static_cast<int>(std::string(e.what()).length()); }
}
static void translate() { // a handler called from a handler: the "Lippincott" function
  try { throw; }
  catch (const std::out_of_range &) { throw std::string("range"); }
  catch (const std::bad_alloc &) { throw std::string("memory"); }
  catch (int i) { throw std::string(static_cast<size_t>(i), '#'); }
}
NOINLINE static std::string translated(int what) {
  try {
    try {
      if (what == 0) std::vector<int>(3).at(static_cast<size_t>(HIDE(7)));
      if (what == 1) throw std::bad_alloc();
      if (what == 2) throw 4;
      throw 2.5;
    } catch (...) { translate(); }
  } catch (const std::string &s) { return s; }
  catch (double d) { return "double " + std::to_string(static_cast<int>(d * 10)); }
  return "none";
}
struct watcher {
  int &seen;
  ~watcher() { seen = seen * 10 + std::uncaught_exceptions(); }
};
NOINLINE static int uncaught(bool fails) {
  int seen = 0;
  try {
    watcher a{seen};
    try { watcher b{seen}; if (fails) throw 1; }
    catch (int) { watcher c{seen}; throw; }
  } catch (...) { seen = seen * 10 + std::uncaught_exceptions(); }
  return seen;
}
struct cleanup { // a destructor that throws and catches while another exception is in flight
  int &count;
  ~cleanup() { try { throw 3; } catch (int i) { count += i; } }
};
NOINLINE static int inside_unwinding() {
  int count = 0;
  try { cleanup a{count}, b{count}; throw std::runtime_error("outer"); }
  catch (const std::exception &e) { return count * 10 + (e.what()[0] == 'o'); }
  return -1;
}
NOINLINE static int guarded(int x) noexcept {
  try { if (x > 2) throw x; return 0; } catch (int i) { return i * 2; }
}
NOINLINE static std::string unrolled(const std::exception &e) {
  std::string text = e.what();
  try { std::rethrow_if_nested(e); } catch (const std::exception &inner) { text += "<" +
      unrolled(inner); } catch (int i) { text += "<" + std::to_string(i); }
  return text;
}
NOINLINE static void wrap(int depth) {
  try { if (depth == 0) throw 42; wrap(depth - 1); }
  catch (...) { std::throw_with_nested(std::runtime_error("level" + std::to_string(depth))); }
}

int main() {
  int id = 0;
  try { through_levels(HIDE(4)); } catch (const counted &c) { id = c.id; }
  CHECK(id == 15 && counted::copies == 0 && counted::alive == 0);
  {
    std::exception_ptr a = kept(HIDE(7)), b = a, none = kept(HIDE(8));
    none = std::make_exception_ptr(std::runtime_error("four"));
    CHECK(counted::alive == 1 && reopened(a) == 7 && reopened(b) == 7 && reopened(none) == 4
        && a == b);
  }
  CHECK_EQ(counted::alive, 0);
  const char *wanted[] = {"range", "memory", "####", "double 25"};
  for (int i = 0; i < 4; i++) CHECK(translated(HIDE(i)) == wanted[i]);
  CHECK_EQ(uncaught(HIDE(false)), 0);
  CHECK_EQ(uncaught(HIDE(true)), 1110);
  CHECK_EQ(inside_unwinding(), 61);
  CHECK(guarded(HIDE(2)) == 0 && guarded(HIDE(21)) == 42);
  std::string text;
  try { wrap(HIDE(2)); } catch (const std::exception &e) { text = unrolled(e); }
  CHECK(text == "level2<level1<level0<42");
  printf("%d %s\n", id, text.c_str());
  return verdict();
}
