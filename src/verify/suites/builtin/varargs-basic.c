// Aims at: variable arguments of every promoted type, more than the registers hold.
#include "check.h"
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

NOINLINE static long sum_ints(int n, ...) {
  va_list list;
  long sum = 0;
  va_start(list, n);
  while (n-- > 0) sum = sum * 2 + va_arg(list, int);
  va_end(list);
  return sum;
}
NOINLINE static double sum_doubles(int n, ...) {
  va_list list;
  double sum = 0;
  va_start(list, n);
  for (int i = 0; i < n; i++) sum += va_arg(list, double) * (i + 1);
  va_end(list);
  return sum;
}
// A format of letters: i int, l long, d double, s string, p pointer to int, c char.
NOINLINE static int pack(char *out, const char *format, ...) {
  va_list list;
  char *start = out;
  va_start(list, format);
  for (; *format; format++) {
    switch (*format) {
    case 'i': out += sprintf(out, "%d,", va_arg(list, int)); break;
    case 'l': out += sprintf(out, "%ld,", va_arg(list, long)); break;
    case 'd': out += sprintf(out, "%g,", va_arg(list, double)); break;
    case 's': out += sprintf(out, "%s,", va_arg(list, const char *)); break;
    case 'p': out += sprintf(out, "%d,", ++*va_arg(list, int *)); break;
    case 'c': *out++ = (char)va_arg(list, int); break;
    }
  }
  *out = 0;
  va_end(list);
  return (int)(out - start);
}
NOINLINE static int unused(int fixed, ...) { return fixed * 2; } // its variable part is dead
NOINLINE static int stop_early(const char *first, ...) { // reads until a null pointer
  va_list list;
  int length = 0;
  va_start(list, first);
  for (const char *s = first; s; s = va_arg(list, const char *)) length = length * 10 +
      (int)strlen(s);
  va_end(list);
  return length;
}
NOINLINE static long after_many_fixed(int a, long b, int c, double d, int e, long f, char g, int h,
    ...) {
  va_list list;
  va_start(list, h);
  long sum = a + b + c + (long)d + e + f + g + h;
  sum = sum * 100 + va_arg(list, int);
  sum = sum * 100 + (long)va_arg(list, double);
  sum = sum * 100 + va_arg(list, long);
  va_end(list);
  return sum;
}
NOINLINE static int twice_read(int n, ...) { // the list is started again
  va_list list;
  int sum = 0;
  for (int round = 0; round < 2; round++) {
    va_start(list, n);
    for (int i = 0; i < n; i++) sum += va_arg(list, int) * (round ? 10 : 1);
    va_end(list);
  }
  return sum;
}

int main(void) {
  CHECK_EQ(sum_ints(0), 0);
  CHECK_EQ(sum_ints(HIDE(3), 1, 2, 3), 11);
  CHECK_EQ(sum_ints(12, 1, 0, 0, 0, 0, 0, 0, 0, 0, HIDE(-1), 0, 5), 2048 - 4 + 5);
  signed char c = HIDE((signed char)-3);
  short h = HIDE((short)-300);
  CHECK_EQ(sum_ints(2, c, h), -306); // default promotions
  float f = HIDE(0.5f);
  CHECK(sum_doubles(2, f, 1.0) == 2.5);
  CHECK(sum_doubles(10, 1., 2., 3., 4., 5., 6., 7., 8., 9., HIDE(10.0)) == 385);

  char text[128];
  int counter = HIDE(41);
  int n = pack(text, "idslpcdlisd", -7, 2.5, "xyz", 1l << 40, &counter, '!', -0.125, -1l, 9, "",
      1e10);
  CHECK(strcmp(text, "-7,2.5,xyz,1099511627776,42,!-0.125,-1,9,,1e+10,") == 0
      && n == (int)strlen(text));
  CHECK_EQ(counter, 42);
  CHECK_EQ(unused(HIDE(21), 1, 2.0, "three"), 42);
  CHECK_EQ(stop_early("a", "bcd", "", "efghi", (const char *)0, "not read"), 1305);
  CHECK_EQ(after_many_fixed(1, 2, 3, 4.5, 5, 6, 7, 8, HIDE(12), 34.9, 56l), 36123456);
  CHECK_EQ(twice_read(3, 1, 2, HIDE(3)), 66);
  printf("%s %ld\n", text, sum_ints(4, 1, 1, 1, 1));
  return verdict();
}
