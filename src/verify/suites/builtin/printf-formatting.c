// Aims at: printf and friends rewritten to puts, putchar, fwrite or strcpy: results.
#include "check.h"
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char buffer[200];
#define IS(text, ...) CHECK(sprintf(buffer, __VA_ARGS__) == (int)strlen(text) && strcmp(buffer, text) == 0)

NOINLINE static void rewritten(const char *s, char c) { // each of these has a cheaper form
  printf("plain line\n");
  printf("no end");
  printf("%c", c);
  printf("%s\n", s);
  printf("%s", s);
  printf("\n");
  printf("%%\n");
  printf("x");
  printf("%s", "");
  fputs("", stdout);
  fputs("y\n", stdout);
  fprintf(stdout, "%s", s);
  fprintf(stdout, "\n");
  fwrite("ab\n", 1, 3, stdout);
  fwrite(s, 1, 0, stdout);
  puts("");
  putchar('0' + 7);
  putchar('\n');
}
NOINLINE static int used_results(const char *s) { // a result in use forbids the rewriting
  int n = printf("%s\n", s);
  n = n * 100 + printf("line\n");
  n = n * 100 + sprintf(buffer, "%s", s);
  return n * 100 + snprintf(buffer, 4, "%s-%s", s, s);
}
NOINLINE static char *joined(char *to, int n, const char *unit) {
  to += sprintf(to, "%d", n);
  to += sprintf(to, "%s", unit);
  to += sprintf(to, "constant");
  *to++ = '.';
  *to = 0;
  return to;
}

int main(void) {
  rewritten(HIDE((const char *)"text"), HIDE('!'));
  CHECK_EQ(used_results(HIDE((const char *)"abcdef")), 7050613);
  CHECK(strcmp(buffer, "abc") == 0);
  CHECK(joined(buffer, HIDE(-12), "px") - buffer == 14 && strcmp(buffer, "-12pxconstant.") == 0);

  IS("-2147483648 2147483647 4294967295", "%d %d %u", HIDE(INT_MIN), INT_MAX, UINT_MAX);
  IS("-9223372036854775808 ffffffffffffffff", "%lld %llx", (long long)HIDE(INT64_MIN),
      (unsigned long long)UINT64_MAX);
  IS("[   42] [42   ] [00042] [+42] [ 42]", "[%5d] [%-5d] [%05d] [%+d] [% d]", HIDE(42), 42, 42,
      42, 42);
  IS("0x2a 0X2A 052 2a", "%#x %#X %#o %x", HIDE(42), 42, 42, 42);
  IS("-1 255 -1 65535", "%hhd %hhu %hd %hu", HIDE(255), 255, HIDE(65535), 65535);
  IS("[abc] [  abc] [abc  ] [ab]", "[%s] [%5s] [%-5s] [%.2s]", HIDE((const char *)"abc"), "abc",
      "abc", "abc");
  IS("[    7] [007] [8 ]", "[%*d] [%.*d] [%-*d]", HIDE(5), 7, 3, HIDE(7), 2, 8);
  IS("3.14 3.1416 3 1e+10 1.5e-07", "%.2f %.4f %.0f %g %g", HIDE(3.14159), 3.14159, 3.14159, 1e10,
      HIDE(1.5e-7));
  IS("2 4 -0 inf -inf", "%.0f %.0f %g %g %f", HIDE(2.5), 3.5, HIDE(-0.0), HIDE(1e308) * 10,
      -HIDE(1e308) * 10);
  IS("0x1.8p+1 1.234500e+03 1E-05", "%a %e %G", HIDE(3.0), 1234.5, 0.00001);
  IS("a% b", "%c%% %c", HIDE('a'), 'b');
  IS("12 -12 z", "%zu %ld %c", (size_t)HIDE(12), -12l, 'z');
  IS("", "%s", HIDE((const char *)""));
  IS("0.1000000000000000055511151231", "%.28f", HIDE(0.1));
  IS("1.0000001 16777216.0", "%.7f %.1f", (double)HIDE(1.0000001f), (double)HIDE(16777216.0f));

  // Numbers written and read back are the same.
  double values[] = {0.1, 1.0 / 3, 1e-310, 123456789.125, -2.5e300};
  for (int i = 0; i < 5; i++) {
    sprintf(buffer, "%.17g", HIDE(values[i]));
    CHECK(strtod(buffer, NULL) == values[i]);
    sprintf(buffer, "%a", values[i]);
    double back;
    CHECK(sscanf(buffer, "%lf", &back) == 1 && back == values[i]);
  }
  int a, b, read;
  char word[8];
  CHECK(sscanf("12 abc 0x1f", "%d %7s %i%n", &a, word, &b, &read) == 3 && a == 12 && b == 31
      && read == 11 && word[2] == 'c');
  CHECK(snprintf(NULL, 0, "%d", HIDE(12345)) == 5
      && snprintf(buffer, HIDE((size_t)1), "%d", 7) == 1 && buffer[0] == 0);
  CHECK(atoi(HIDE((const char *)"-77x")) == -77 && strtoul("zz", NULL, 36) == 1295);
  return verdict();
}
