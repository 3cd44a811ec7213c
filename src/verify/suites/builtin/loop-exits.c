// Aims at: loops with several exits: exit values, side effects before leaving.
#include "check.h"
#include <stddef.h>

NOINLINE static int out_of_three(int (*grid)[5], int wanted) {
  int i, j, tries = 0;
  for (i = 0; i < 5; i++)
    for (j = 0; j < 5; j++) {
      for (int k = 0; k < 2; k++) {
        tries++;
        if (grid[i][j] == wanted + k) goto found;
        if (grid[i][j] < 0) goto next_row;
      }
      continue;
    next_row:
      tries += 100;
      break;
    }
  return -tries;
found:
  return tries * 100 + i * 10 + j;
}
NOINLINE static int find(const int *p, int n, int key) {
  int i;
  for (i = 0; i < n; i++) if (p[i] == key) break;
  return i;
}
// The bound check replaced by a guard element.
NOINLINE static int find_sentinel(int *p, int n, int key) {
  int last = p[n - 1], i = 0;
  p[n - 1] = key;
  while (p[i] != key) i++;
  p[n - 1] = last;
  return i < n - 1 || last == key ? i : -1;
}
NOINLINE static int two_reasons(const int *p, int n, int limit, int *why) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    if (p[i] < 0) { *why = 1; return sum; }
    sum += p[i];
    if (sum > limit) { *why = 2; break; }
    *why = -i;
  }
  return sum * 10;
}
NOINLINE static const char *skip(const char *s, char a, char b) {
  while (*s) {
    if (*s == a && s[1] == b) return s + 2;
    s += *s == '\\' && s[1] ? 2 : 1;
  }
  return NULL;
}
NOINLINE static int do_while_once(int n) {
  int r = 0;
  do { r += n; } while (n-- > 3);
  return r * 10 + n;
}
NOINLINE static int mixed_exits(unsigned x) {
  int n = 0;
  for (;;) {
    if (x == 1) return n;
    if (++n > 60) break;
    if (x & 1) { x = 3 * x + 1; continue; }
    do { x >>= 1; if (++n > 60) goto out; } while (!(x & 1) && x != 2);
  }
out:
  return -n;
}
NOINLINE static int last_stores(int *log, int n) { // every exit stores something else
  for (int i = 0;; i++) {
    log[0] = i;
    if (i == n) { log[1] = 1; return i; }
    log[2] = i * i;
    if (i * i > 50) { log[1] = 2; return -i; }
    if (n < 0) { log[0] = log[2]; log[1] = 3; return 0; }
  }
}
NOINLINE static int counted_and_searched(const unsigned char *s, int n) { // min of two trip counts
  int i = 0;
  while (i < n && s[i]) i++;
  int j = n;
  while (j > i && !s[j - 1]) j--;
  return i * 100 + j;
}

int main(void) {
  int grid[5][5];
  for (int i = 0; i < 25; i++) grid[i / 5][i % 5] = i * 3 % 25;
  grid[1][2] = -1;
  CHECK_EQ(out_of_three(grid, HIDE(16)), (10 + 4 + 1 + 100 + 10) * 100 + 24);
  CHECK_EQ(out_of_three(grid, HIDE(100)), -(10 + 4 + 1 + 100 + 30));
  int list[] = {4, 8, 15, 16, 23, HIDE(42)};
  CHECK(find(list, 6, HIDE(16)) == 3 && find(list, 6, HIDE(5)) == 6 && find(list, HIDE(0), 4) == 0);
  CHECK(find_sentinel(list, 6, HIDE(15)) == 2 && find_sentinel(list, 6, HIDE(42)) == 5);
  CHECK(find_sentinel(list, 6, HIDE(1)) == -1 && list[5] == 42);
  int why = 77;
  CHECK(two_reasons(list, 6, HIDE(1000), &why) == 1080 && why == -5);
  CHECK(two_reasons(list, 6, HIDE(26), &why) == 270 && why == 2);
  list[4] = -1;
  CHECK(two_reasons(list, 6, HIDE(1000), &why) == 43 && why == 1);
  why = 9;
  CHECK(two_reasons(list, HIDE(0), 5, &why) == 0 && why == 9);
  const char *text = HIDE((const char *)"a\\*/b*c*/d");
  CHECK(skip(text, '*', '/') == text + 9 && skip(text, '/', '*') == NULL
      && skip(text, 'b', '*') == text + 6);
  CHECK(do_while_once(HIDE(5)) == 122 && do_while_once(HIDE(1)) == 10
      && do_while_once(HIDE(-4)) == -45);
  long sum = 0;
  for (unsigned x = 1; x < 40; x++) {
    unsigned v = x;
    int n = 0, seen = mixed_exits(HIDE(x));
    while (v != 1 && n <= 60) {
      n++;
      if (v & 1) { v = 3 * v + 1; continue; }
      if (n <= 60) do { v /= 2; n++; } while (n <= 60 && v % 2 == 0 && v != 2);
    }
    CHECK_EQ(seen, n <= 60 ? n : -n);
    sum = sum * 3 % 100003 + seen;
  }
  int log[3] = {0, 0, -7};
  CHECK(last_stores(log, HIDE(0)) == 0 && log[1] == 1 && log[2] == -7);
  CHECK(last_stores(log, HIDE(5)) == 5 && log[0] == 5 && log[2] == 16);
  CHECK(last_stores(log, HIDE(50)) == -8 && log[0] == 8 && log[1] == 2 && log[2] == 64);
  CHECK(last_stores(log, HIDE(-1)) == 0 && log[0] == 0 && log[1] == 3 && log[2] == 0);
  const unsigned char s[] = {1, 2, 3, 0, 4, 0, 0};
  CHECK(counted_and_searched(s, HIDE(7)) == 305 && counted_and_searched(s, HIDE(2)) == 202
      && counted_and_searched(s + 5, 2) == 0);
  printf("%ld %d\n", sum, why);
  return verdict();
}
