// Aims at: mutual recursion over several functions, with accumulators.
#include "check.h"
#include <string.h>

static int is_odd(unsigned n);
NOINLINE static int is_even(unsigned n) { return n == 0 ? 1 : is_odd(n - 1); }
NOINLINE static int is_odd(unsigned n) { return n == 0 ? 0 : is_even(n - 1); }

static int male(int n);
NOINLINE static int female(int n) { return n == 0 ? 1 : n - male(female(n - 1)); } // Hofstadter
NOINLINE static int male(int n) { return n == 0 ? 0 : n - female(male(n - 1)); }

static long second(long a, int unused, int n, long *trace);
static long third(long a, int n, long *trace, int same);
NOINLINE static long first(long a, int n, long *trace) {
  if (n <= 0) return a;
  *trace = *trace * 3 + 1;
  return second(a + n, n * 7, n - 1, trace);
}
NOINLINE static long second(long a, int unused, int n, long *trace) {
  (void)unused;
  if (n <= 0) return -a;
  *trace = *trace * 3 + 2;
  return n % 3 ? third(a * 2, n - 1, trace, 42) : first(a - 1, n - 2, trace);
}
NOINLINE static long third(long a, int n, long *trace, int same) { // same is 42 on every call
  if (n <= 0) return a + same;
  long own = n;
  long inner = n % 2 ? first(a, n - 1, &own) : second(a, 0, n - 1, trace);
  *trace += own;
  return inner ^ own;
}

// A grammar: list = item*, item = letter | '(' list ')' | '[' list ']'
static int item(const char **s, int depth, int *deepest);
NOINLINE static int list(const char **s, char until, int depth, int *deepest) {
  int n = 0;
  while (**s != until) {
    int inner = item(s, depth, deepest);
    if (inner < 0) return -1;
    n += inner;
  }
  return n;
}
NOINLINE static int item(const char **s, int depth, int *deepest) {
  char c = *(*s)++;
  if (depth > *deepest) *deepest = depth;
  if (c >= 'a' && c <= 'z') return 1;
  if (c != '(' && c != '[') return -1;
  int n = list(s, c == '(' ? ')' : ']', depth + 1, deepest);
  if (n < 0) return -1;
  (*s)++;
  return n * 10;
}
static int parse(const char *s) {
  int deepest = 0, n = list(&s, 0, 0, &deepest);
  return n < 0 ? n : n * 10 + deepest;
}

static long model(long a, int n, long *trace, int who) {
  if (n <= 0) return who == 0 ? a : who == 1 ? -a : a + 42;
  if (who == 0) return *trace = *trace * 3 + 1, model(a + n, n - 1, trace, 1);
  if (who == 1) {
    *trace = *trace * 3 + 2;
    return n % 3 ? model(a * 2, n - 1, trace, 2) : model(a - 1, n - 2, trace, 0);
  }
  long own = n, inner = model(a, n - 1, n % 2 ? &own : trace, n % 2 ? 0 : 1);
  *trace += own;
  return inner ^ own;
}

int main(void) {
  CHECK(is_even(HIDE(1000u)) && !is_even(HIDE(777u)) && is_odd(HIDE(777u)) && is_even(0)
      && !is_odd(0));
  const int females[] = {1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6}, males[] =
      {0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6};
  for (int i = 0; i <= 10; i++) {
    CHECK_EQ(female(HIDE(i)), females[i]);
    CHECK_EQ(male(HIDE(i)), males[i]);
  }
  long sum = 0;
  for (int n = 0; n < 30; n++) {
    long trace = 1, wanted_trace = 1;
    long seen = first(n, HIDE(n), &trace);
    CHECK_EQ(seen, model(n, n, &wanted_trace, 0));
    CHECK_EQ(trace, wanted_trace);
    sum = (sum * 5 + seen + trace) % 1000003;
  }
  CHECK(parse("") == 0 && parse("abc") == 30 && parse("a(b[cd]e)f") == 2 * 10 + 220 * 10 + 2);
  CHECK(parse("((((x))))") == 100004 && parse("a)b") == -1 && parse("[a(b]") == -1);
  printf("%ld %d\n", sum, female(40));
  return verdict();
}
