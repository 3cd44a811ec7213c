// Aims at: ordered and unordered comparisons: negated, swapped, chained and branched on.
#include "check.h"

// Every predicate as value, as negation, as branch and as select condition.
#define PREDICATES(X) X(lt, <) X(le, <=) X(gt, >) X(ge, >=) X(eq, ==) X(ne, !=)
#define DEFINE(name, op) \
  NOINLINE static int value_##name(double a, double b) { return a op b; } \
  NOINLINE static int not_##name(double a, double b) { return !(a op b); } \
  NOINLINE static int branch_##name(double a, double b) { \
    if (a op b) return printf("%s", "") + 7; \
    return 3; \
  } \
  NOINLINE static double select_##name(double a, double b) { return a op b ? a : b; } \
  NOINLINE static int single_##name(float a, float b) { return a op b; }
PREDICATES(DEFINE)

NOINLINE static int unordered(double a, double b) { return a != a || b != b; }
NOINLINE static int ordered(double a, double b) { return a == a && b == b; }
NOINLINE static int less_or_unordered(double a, double b) { return !(a >= b); }
// Equal or unordered.
NOINLINE static int neither(double a, double b) { return !(a < b) && !(a > b); }
NOINLINE static int either(double a, double b) { return a < b || a > b; }
NOINLINE static int inside(double x, double low, double high) { return low <= x && x <= high; }
NOINLINE static int outside(double x, double low, double high) { return x < low || x > high; }
NOINLINE static int three_way(double a, double b) {
  return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
}
NOINLINE static double clamp(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
// NaN gives 0.
NOINLINE static double clamp_turned(double x) { return x >= 0 ? (x <= 1 ? x : 1) : 0; }
NOINLINE static double largest(const double *p, int n) {
  double best = p[0];
  for (int i = 1; i < n; i++) if (p[i] > best) best = p[i];
  return best;
}
NOINLINE static int count_not_less(const double *p, int n, double limit) {
  int count = 0;
  for (int i = 0; i < n; i++) count += !(p[i] < limit);
  return count;
}

int main(void) {
  double nan = HIDE(0.0) / HIDE(0.0);
  // Rank gives the order; a negative rank is NaN.
  const double values[] = {-1e308 * 10, -1.5, -0.0, 0.0, 0x1p-1074, 2.0, 1e308 * 10, nan};
  const int rank[] = {0, 1, 2, 2, 3, 4, 5, -1};
  int sum = 0;
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++) {
      double a = HIDE(values[i]), b = HIDE(values[j]);
      int known = rank[i] >= 0 && rank[j] >= 0, order = rank[i] - rank[j];
#define TRY(name, op) { \
        int wanted = known ? order op 0 : sizeof(#op) == 3 && #op[0] == '!'; \
        CHECK_EQ(value_##name(a, b), wanted); \
        CHECK_EQ(not_##name(a, b), !wanted); \
        CHECK_EQ(branch_##name(a, b), wanted ? 7 : 3); \
        double chosen = select_##name(a, b), expected = wanted ? a : b; \
        CHECK(chosen == expected || (chosen != chosen && expected != expected)); \
        if (i != 4 && j != 4) CHECK_EQ(single_##name((float)a, (float)b), wanted); \
        sum = sum * 2 % 10007 + wanted; }
      PREDICATES(TRY)
      CHECK_EQ(unordered(a, b), !known);
      CHECK_EQ(ordered(a, b), known);
      CHECK_EQ(less_or_unordered(a, b), !known || order < 0);
      CHECK_EQ(neither(a, b), !known || order == 0);
      CHECK_EQ(either(a, b), known && order != 0);
      CHECK_EQ(three_way(a, b), !known ? 2 : (order > 0) - (order < 0));
      CHECK_EQ(inside(a, b, 2.0), known && order >= 0 && rank[i] <= 4);
      CHECK_EQ(outside(a, b, 2.0), (known && order < 0) || rank[i] == 5);
    }
  CHECK(clamp(nan) != clamp(nan) && clamp_turned(nan) == 0);
  CHECK(clamp(HIDE(0.25)) == 0.25 && clamp(HIDE(7.0)) == 1 && clamp_turned(HIDE(-7.0)) == 0);
  const double later[] = {1, nan, 5, nan, 3}, first[] = {nan, 1, 2};
  CHECK(largest(later, 5) == 5 && largest(first, 3) != largest(first, 3));
  CHECK_EQ(count_not_less(later, 5, HIDE(4.0)), 3);
  printf("%d\n", sum);
  return verdict();
}
