// Aims at: string library calls that compilers rewrite: results used or not, constant or not.
#include "check.h"
#include <stdlib.h>
#include <string.h>

NOINLINE static char *chain(char *to) { return strcat(strcat(strcpy(to, "one"), ", two"), ""); }
NOINLINE static size_t lengths(const char *s, int c) {
  return strlen(c ? "yes" : "no") + strlen(s) * 10 + strlen("a\0bc") * 1000;
}
NOINLINE static int empty(const char *s) { return strlen(s) == 0; }
NOINLINE static int first_is(const char *s, char c) { return strchr(s, c) == s; }
NOINLINE static int starts(const char *s, const char *with) {
  return strncmp(s, with, strlen(with)) == 0;
}
NOINLINE static int found_at(const char *s, const char *what) {
  const char *p = strstr(s, what);
  return p ? (int)(p - s) : -1;
}
NOINLINE static char *end_of(char *s) { return strchr(s, 0); }
NOINLINE static char *last_slash(char *s) { char *p = strrchr(s, '/'); return p ? p + 1 : s; }
NOINLINE static int bounded(char *to, const char *from) {
  strncpy(to, from, 6); // pads with zeros, or leaves no end
  return to[5] == 0;
}
NOINLINE static int compare_prefix(const char *a, const char *b) {
  return memcmp(a, b, 3) == 0 && strcmp(a, b) != 0;
}
NOINLINE static void double_copy(char *a, char *b, const char *s, size_t n) {
  memcpy(a, s, n);
  memcpy(b, a, n);
  a[0] = '#';
}
NOINLINE static void fill_and_copy(char *to, size_t n) {
  char local[16];
  memset(local, '-', sizeof local);
  local[3] = '!';
  memcpy(to, local, n);
  memset(to + n, 0, 1);
}
NOINLINE static int count(const char *s, char c) {
  int n = 0;
  while ((s = strchr(s, c))) n++, s++;
  return n;
}
NOINLINE static int split(char *s, char *parts[8]) {
  int n = 0;
  for (char *p = strtok(s, " ,"); p && n < 8; p = strtok(NULL, " ,")) parts[n++] = p;
  return n;
}
NOINLINE static long numbers(const char *s) {
  long sum = 0;
  char *end;
  for (; *s; s = end + (*end == ';')) sum = sum * 7 + strtol(s, &end, 0);
  return sum;
}
NOINLINE static char *duplicate(const char *s) {
  char *p = malloc(strlen(s) + 1);
  return p ? strcpy(p, s) : NULL;
}
NOINLINE static int zeroed(size_t n) { // malloc + memset is calloc
  int *p = malloc(n * sizeof *p), sum = 0;
  if (!p) return -1;
  memset(p, 0, n * sizeof *p);
  for (size_t i = 0; i < n; i++) sum += p[i] == 0;
  p[n - 1] = 5;
  int *q = realloc(p, 2 * n * sizeof *p);
  if (!q) return -1;
  sum = sum * 10 + q[n - 1];
  free(q);
  return sum;
}
NOINLINE static int spans(const char *s) {
  return (int)(strspn(s, "abc") * 100 + strcspn(s, "xyz") * 10 +
      (strpbrk(s, "dz") ? *strpbrk(s, "dz") - 'a' : 30));
}
NOINLINE static void reverse_words(char *s) {
  size_t n = strlen(s);
  for (size_t i = 0, j = n; i + 1 < j; i++) { j--; char t = s[i]; s[i] = s[j]; s[j] = t; }
  for (char *p = s, *q; *p; p = *q ? q + 1 : q) {
    q = p + strcspn(p, " ");
    for (char *a = p, *b = q; a < b;) { char t = *a; *a++ = *--b; *b = t; }
  }
}

int main(void) {
  char text[40], other[40];
  CHECK(strcmp(chain(text), "one, two") == 0 && end_of(text) - text == 8);
  CHECK(lengths(HIDE((const char *)"abcd"), HIDE(1)) == 1043 && lengths("", HIDE(0)) == 1002);
  CHECK(empty(HIDE((const char *)"")) && !empty(text) && first_is(text, 'o')
      && !first_is(text, 'n') && first_is("", HIDE('\0')));
  CHECK(starts(text, "one") && !starts(text, "two") && starts(text, "")
      && !starts("on", HIDE((const char *)"one")));
  CHECK(found_at(text, "two") == 5 && found_at(text, HIDE((const char *)"")) == 0
      && found_at("aaab", "aab") == 1 && found_at("x", "xy") == -1);
  strcpy(other, "/usr/lib/file.c");
  CHECK(strcmp(last_slash(other), "file.c") == 0 && last_slash(text) == text);
  memset(other, 'z', sizeof other);
  CHECK(bounded(other, "abc") && other[3] == 0 && other[6] == 'z'
      && !bounded(other, HIDE((const char *)"abcdefgh")) && other[6] == 'z');
  CHECK(compare_prefix("abcd", HIDE((const char *)"abce"))
      && !compare_prefix("abc", HIDE((const char *)"abc")));
  double_copy(text, other, "pattern", HIDE((size_t)8));
  CHECK(strcmp(text, "#attern") == 0 && strcmp(other, "pattern") == 0);
  fill_and_copy(text, HIDE((size_t)10));
  CHECK(strcmp(text, "---!------") == 0);
  CHECK(count("banana", 'a') == 3 && count("", 'a') == 0);
  char *parts[8];
  strcpy(text, ", alpha,beta  gamma,");
  CHECK(split(text, parts) == 3 && strcmp(parts[0], "alpha") == 0
      && strcmp(parts[2], "gamma") == 0);
  CHECK_EQ(numbers("12;0x1f;-7;010"), ((12 * 7 + 31) * 7 - 7) * 7 + 8);
  char *copy = duplicate(HIDE((const char *)"kept"));
  CHECK(copy && strcmp(copy, "kept") == 0 && copy[4] == 0);
  free(copy);
  CHECK_EQ(zeroed(HIDE((size_t)9)), 95);
  CHECK(spans("abcad-z") == 464 - 1 + 0 * 9 && spans("q") == 0 + 10 + 30);
  strcpy(text, "the quick  fox");
  reverse_words(text);
  CHECK(strcmp(text, "fox  quick the") == 0);
  printf("%s %s\n", text, other);
  return verdict();
}
