// Aims at: variable-length arrays and alloca, in loops and recursion, with pointers into them.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static long vla_sum(int n) {
  long items[n];
  for (int i = 0; i < n; i++) items[i] = (long)i * i;
  long sum = 0;
  for (int i = n; i-- > 0;) sum += items[i];
  return sum + (long)sizeof items;
}
NOINLINE static int matrix_trace(int rows, int columns, int m[rows][columns]) {
  int sum = 0;
  for (int i = 0; i < rows && i < columns; i++) sum += m[i][i];
  return sum + (int)(sizeof m[0] / sizeof m[0][0]) * 1000;
}
NOINLINE static int vla_matrix(int rows, int columns) {
  int m[rows][columns];
  for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) m[i][j] = i * 10 + j;
  int (*row)[columns] = &m[rows - 1];
  return matrix_trace(rows, columns, m) + (*row)[columns - 1] * 100000 +
      (int)((char *)row - (char *)m) / (int)sizeof *row;
}
NOINLINE static int in_loop(int n) { // a new array each round, the old one gone
  int total = 0;
  for (int size = 1; size <= n; size++) {
    unsigned char bytes[size * 3];
    memset(bytes, size, sizeof bytes);
    bytes[size - 1] = 0;
    for (unsigned i = 0; i < sizeof bytes; i++) total += bytes[i];
    if (size == 7) continue;
    char again[size];
    again[size - 1] = 1;
    total += again[size - 1];
  }
  return total;
}
struct link { struct link *next; int value; };
NOINLINE static int alloca_list(int n) { // lives until the function returns
  struct link *head = NULL;
  for (int i = 0; i < n; i++) {
    struct link *l = __builtin_alloca(sizeof *l);
    l->next = head;
    l->value = i;
    head = l;
  }
  int sum = 0, place = 1;
  for (; head; head = head->next) sum += head->value * place++;
  return sum;
}
NOINLINE static int alloca_if(int c, int n) {
  int small[4] = {1, 2, 3, 4}, *p = small;
  if (c) {
    p = __builtin_alloca((size_t)n * sizeof *p);
    for (int i = 0; i < n; i++) p[i] = i * 2;
  }
  p[3] += 100;
  return p[3] + small[3];
}
NOINLINE static char *fill(char *to, const char *with, int n) {
  while (n--) { strcpy(to, with); to += strlen(with); }
  return to;
}
NOINLINE static int text_length(const char *s, int n) {
  char buffer[strlen(s) * (size_t)n + 1];
  buffer[0] = 0;
  char *end = fill(buffer, s, n);
  return (int)(end - buffer) * 10 + (strlen(buffer) == sizeof buffer - 1);
}
NOINLINE static int recursive(int n, const int *above, int count) {
  int mine[n + 1];
  for (int i = 0; i <= n; i++) mine[i] = i < count ? above[i] + 1 : 1;
  return n == 0 ? mine[0] : recursive(n - 1, mine, n + 1);
}
NOINLINE static int aligned_locals(int n) {
  _Alignas(64) char wide[65];
  char vla[n];
  memset(wide, 1, sizeof wide);
  memset(vla, 2, (size_t)n);
  return ((uintptr_t)wide % 64 == 0) * 1000 + wide[64] + vla[n - 1];
}
NOINLINE static int scopes(int n) { // slots may be shared, but only one at a time
  int result = 0;
  { int a[16]; for (int i = 0; i < 16; i++) a[i] = i + n;
  for (int i = 0; i < 16; i++) result += a[i]; }
  { int b[16]; memset(b, 0, sizeof b); for (int i = 0; i < 16; i++) result += b[i] + 1; }
  int *kept;
  int c[4] = {n, n, n, n};
  kept = c + 1;
  { int d[4] = {1, 2, 3, 4}; *kept = d[n & 3]; }
  return result * 100 + c[1] * 10 + c[0];
}
NOINLINE static size_t evaluated_once(int *n) { return sizeof(char[++*n]); }

int main(void) {
  CHECK_EQ(vla_sum(HIDE(100)), 328350 + 800);
  CHECK_EQ(vla_matrix(HIDE(4), HIDE(6)), 0 + 11 + 22 + 33 + 6000 + 3500000 + 3);
  int wanted = 0;
  for (int s = 1; s <= 12; s++) wanted += s * (s * 3 - 1) + (s != 7);
  CHECK_EQ(in_loop(HIDE(12)), wanted);
  CHECK_EQ(alloca_list(HIDE(6)), 5 + 8 + 9 + 8 + 5);
  CHECK(alloca_if(HIDE(1), 9) == 110 && alloca_if(HIDE(0), 9) == 208);
  CHECK_EQ(text_length(HIDE((const char *)"abc"), 7), 211);
  CHECK_EQ(text_length(HIDE((const char *)"abc"), HIDE(0)), 1);
  CHECK_EQ(recursive(HIDE(30), 0, 0), 31);
  CHECK_EQ(aligned_locals(HIDE(33)), 1003);
  CHECK_EQ(scopes(HIDE(2)), (120 + 32 + 16) * 100 + 32);
  int n = HIDE(4);
  CHECK(evaluated_once(&n) == 5 && n == 5);
  printf("%ld %d %d\n", vla_sum(7), wanted, vla_matrix(3, 3));
  return verdict();
}
