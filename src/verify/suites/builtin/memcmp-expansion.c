// Aims at: memcmp and strcmp of constant sizes, expanded to loads: sign and first difference.
#include "check.h"
#include <string.h>

static int sign(int x) { return (x > 0) - (x < 0); }

NOINLINE static int slow(const void *a, const void *b, size_t n) {
  const volatile unsigned char *p = a, *q = b;
  for (size_t i = 0; i < n; i++)
    if (p[i] != q[i]) return p[i] < q[i] ? -1 : 1;
  return 0;
}

#define SIZES(X) X(1) X(2) X(3) X(4) X(5) X(7) X(8) X(9) X(12) X(15) X(16) X(17) X(24) X(31)
#define DEFINE(n) \
  NOINLINE static int cmp##n(const char *a, const char *b) { return memcmp(a, b, n); } \
  NOINLINE static int same##n(const char *a, const char *b) { return memcmp(a, b, n) == 0; } \
  NOINLINE static int less##n(const char *a, const char *b) { return memcmp(a, b, n) < 0; }
SIZES(DEFINE)

typedef int compare(const char *, const char *);
static const struct { size_t size; compare *cmp, *same, *less; } table[] = {
#define ROW(n) {n, cmp##n, same##n, less##n},
  SIZES(ROW)
};

NOINLINE static int keyword(const char *word) {
  if (!strcmp(word, "")) return 0;
  if (!strcmp(word, "i")) return 1;
  if (!strcmp(word, "if")) return 2;
  if (!strncmp(word, "int", 3)) return word[3] ? 4 : 3;
  if (memchr("aeiou", word[0], 5)) return 5;
  if (strchr("xyz", word[0])) return 6;
  return 7;
}

int main(void) {
  char a[32], b[32];
  long checksum = 0;
  for (size_t t = 0; t < sizeof table / sizeof *table; t++)
    for (size_t at = 0; at < 32; at++)
      for (int step = 0; step < 4; step++) {
        memset(a, 'k', 32);
        memset(b, 'k', 32);
        a[at] = (char)(step & 1 ? 0x01 : 0xfe); // high bytes must compare unsigned
        b[at] = (char)(step & 2 ? 0x80 : 0x7f);
        b[31 - at] ^= 0x10;
        int wanted = slow(a, b, table[t].size);
        CHECK_EQ(sign(table[t].cmp(a, b)), wanted);
        CHECK_EQ(sign(table[t].cmp(b, a)), -wanted);
        CHECK_EQ(table[t].same(a, b), wanted == 0);
        CHECK_EQ(table[t].less(a, b), wanted < 0);
        checksum = checksum * 3 % 1000003 + wanted;
      }
  const char *words[] = {"", "i", "if", "int", "into", "apple", "yes", "no", "ix"};
  const int wanted[] = {0, 1, 2, 3, 4, 5, 6, 7, 5};
  for (int i = 0; i < 9; i++) CHECK_EQ(keyword(words[i]), wanted[i]);
  CHECK(memcmp("abc", "abd", 2) == 0 && memcmp("abc", "abd", 3) < 0);
  CHECK(strcmp("\x7f", "\x80") < 0);
  CHECK(strncmp("same", "sample", 2) == 0 && strncmp("a", "b", 0) == 0);
  printf("%ld\n", checksum);
  return verdict();
}
