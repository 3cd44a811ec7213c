// Aims at: weak definitions, undefined weak symbols, aliases, sections' bounds and their addresses.
#include "check.h"
#include <stdint.h>

// Not overridden here, but could be.
__attribute__((weak)) int tunable(int x) { return x + 1; }
__attribute__((weak)) int setting = 5;
__attribute__((weak)) const int constant_setting = 6;             // may not be folded as a constant
// No definition anywhere: address 0.
extern int missing_function(int) __attribute__((weak));
extern int missing_variable __attribute__((weak));

int original(int x) { return x * 3; }
extern int another_name(int) __attribute__((alias("original")));
int counter = 10;
extern int counter_alias __attribute__((alias("counter")));
static int hidden_original(int x) { return x - 7; }
extern int exported_hidden(int) __attribute__((alias("hidden_original"), visibility("hidden")));

// Records gathered by the linker into one section, in any order.
struct record { int id, value; };
#define RECORD(n, v) \
  __attribute__((used, section("records"))) static struct record record_##n = {n, v}
RECORD(1, 100);
RECORD(2, 200);
RECORD(3, 300);
extern struct record __start_records[], __stop_records[];

__attribute__((used, noinline)) static int kept_for_the_debugger(int x) { return x; }

NOINLINE static int call_if_there(int x) {
  return missing_function ? missing_function(x) : x * 100;
}
NOINLINE static int read_if_there(void) { return &missing_variable ? missing_variable : -4; }
NOINLINE static int store_load_alias(void) { // two names, one object
  counter = 1;
  counter_alias = 2;
  return counter * 10 + counter_alias;
}
NOINLINE static int alias_through_pointers(int *p, int *q) {
  *p = 3;
  *q = 4;
  return *p;
}
NOINLINE static int sum_records(void) {
  int sum = 0;
  for (struct record *r = __start_records; r < __stop_records; r++) sum += r->value + r->id;
  return sum;
}
NOINLINE static void change_records(int by) {
  for (struct record *r = __start_records; r != __stop_records; ++r) r->value += by;
}
typedef int function(int);
NOINLINE static int same_function(function *a, function *b) { return a == b; }

int main(void) {
  CHECK_EQ(tunable(HIDE(4)), 5);
  CHECK(setting == 5 && constant_setting == 6);
  setting += HIDE(2);
  CHECK_EQ(setting, 7);
  CHECK_EQ(call_if_there(HIDE(3)), 300);
  CHECK_EQ(read_if_there(), -4);

  CHECK_EQ(another_name(HIDE(5)) + original(HIDE(6)), 33);
  CHECK(same_function(another_name, original) && !same_function(original, tunable));
  CHECK_EQ(exported_hidden(HIDE(10)), 3);
  CHECK_EQ(store_load_alias(), 22);
  CHECK_EQ(alias_through_pointers(&counter, &counter_alias), 4);
  CHECK_EQ((uintptr_t)&counter, (uintptr_t)HIDE(&counter_alias));
  function *f = HIDE((function *)another_name);
  CHECK_EQ(f(HIDE(7)), 21);

  CHECK_EQ(__stop_records - __start_records, 3);
  CHECK_EQ(sum_records(), 606);
  change_records(HIDE(10));
  CHECK_EQ(record_2.value, 210);
  record_3.value = HIDE(0);
  CHECK_EQ(sum_records(), 326);
  CHECK_EQ(kept_for_the_debugger(HIDE(8)), 8);
  printf("%d %d %d\n", setting, counter, sum_records());
  return verdict();
}
