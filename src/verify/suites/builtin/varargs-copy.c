// Aims at: va_copy, va_list handed down by value and by pointer.
#include "check.h"
#include <stdarg.h>
#include <string.h>

NOINLINE static int count_and_sum(int n, va_list list) {
  va_list again;
  va_copy(again, list);
  int largest = -1000000, sum = 0;
  for (int i = 0; i < n; i++) { int v = va_arg(again, int); if (v > largest) largest = v; }
  va_end(again);
  for (int i = 0; i < n; i++) sum += largest - va_arg(list, int);
  return sum;
}
static int spread(int n, ...) {
  va_list list;
  va_start(list, n);
  int result = count_and_sum(n, list);
  va_end(list);
  return result;
}
NOINLINE static int take(va_list *list) { return va_arg(*list, int); } // moves the caller's list on
NOINLINE static double take_double(va_list *list) { return va_arg(*list, double); }
NOINLINE static double alternate(int n, ...) {
  va_list list;
  double sum = 0;
  va_start(list, n);
  for (int i = 0; i < n; i++) sum = sum * 2 + (i % 2 ? take_double(&list) : take(&list));
  va_end(list);
  return sum;
}
NOINLINE static int snapshots(int n, ...) { // copies taken in the middle, read later
  va_list list, kept[3];
  va_start(list, n);
  for (int i = 0; i < 3; i++) {
    va_copy(kept[i], list);
    (void)va_arg(list, int);
    (void)va_arg(list, double);
  }
  int result = 0;
  for (int i = 2; i >= 0; i--) {
    result = result * 10 + va_arg(kept[i], int);
    result += (int)va_arg(kept[i], double);
    va_end(kept[i]);
  }
  result = result * 10 + va_arg(list, int);
  va_end(list);
  return result;
}
static int format_into(char *out, size_t size, const char *format, va_list list) {
  va_list measure;
  va_copy(measure, list);
  int needed = vsnprintf(NULL, 0, format, measure);
  va_end(measure);
  int written = vsnprintf(out, size, format, list);
  return needed == written ? needed : -1;
}
static int format_to(char *out, size_t size, const char *format, ...) {
  va_list list;
  va_start(list, format);
  int n = format_into(out, size, format, list);
  va_end(list);
  return n;
}
NOINLINE static int choose(int which, int n, ...) { // different tails for different selectors
  va_list list;
  int result = 0;
  va_start(list, n);
  while (which--) (void)va_arg(list, long);
  switch (n) {
  case 2: result = va_arg(list, int); // fall through
  case 1: result = result * 100 + va_arg(list, int); break;
  default: result = -1;
  }
  va_end(list);
  return result;
}

int main(void) {
  CHECK_EQ(spread(4, 3, HIDE(9), -1, 5), 0 + 6 + 10 + 4);
  CHECK_EQ(spread(9, 1, 2, 3, 4, 5, 6, 7, 8, HIDE(9)), 36);
  CHECK_EQ(spread(HIDE(0)), 0);
  CHECK(alternate(6, 1, 0.5, 2, 0.25, HIDE(3), 0.125) == 32 + 8 + 16 + 1 + 6 + 0.125);
  CHECK_EQ(snapshots(0, 1, 1.5, 2, 2.5, HIDE(3), 3.5, 7), ((3 + 3) * 10 + 2 + 2) * 100 +
      (1 + 1) * 10 + 7);
  char text[40];
  CHECK_EQ(format_to(text, sizeof text, "%d-%s-%.2f", HIDE(5), "mid", HIDE(2.5)), 10);
  CHECK(strcmp(text, "5-mid-2.50") == 0);
  CHECK_EQ(format_to(text, 8, "%c%c%lld%s", 'a', 'b', 1234567890123ll, "tail"), 19);
  CHECK(strcmp(text, "ab12345") == 0);
  CHECK_EQ(choose(HIDE(2), 2, 1l, 2l, 30, 40), 3040);
  CHECK_EQ(choose(HIDE(1), 1, 1l, 20), 20);
  CHECK_EQ(choose(HIDE(0), 3, 5), -1);
  printf("%s %d\n", text, spread(2, 10, 20));
  return verdict();
}
