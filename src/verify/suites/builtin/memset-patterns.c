// Aims at: fill loops turned into memset: strides, bounds, wide values, self-changing limits.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static void fill16(uint16_t *to, uint16_t v, int n) {
  for (int i = 0; i < n; i++) to[i] = v;
}
NOINLINE static void fill32(uint32_t *to, int n) { for (int i = 0; i < n; i++) to[i] = 0x01020304; }
NOINLINE static void fill_same_bytes(uint32_t *to, int n) {
  for (int i = 0; i < n; i++) to[i] = 0x5a5a5a5a;
}
NOINLINE static void fill_double(double *to, int n) { while (n-- > 0) *to++ = -0.0; }
NOINLINE static void fill_down(uint8_t *end, int n) { for (int i = 1; i <= n; i++) end[-i] = 0xaa; }
NOINLINE static void fill_every_other(uint8_t *to, int n) {
  for (int i = 0; i < n; i += 2) to[i] = 0;
}
NOINLINE static void fill_until(char *to, char stop) { while (*to != stop) *to++ = '.'; }

struct triple { uint8_t a, b, c; };
NOINLINE static void fill_triples(struct triple *to, int n) {
  for (int i = 0; i < n; i++) { to[i].a = 1; to[i].b = 1; to[i].c = 1; }
}
NOINLINE static void fill_two_of_three(struct triple *to, int n) {
  for (int i = 0; i < n; i++) { to[i].a = 9; to[i].c = 9; }
}
NOINLINE static void clear_matrix(int (*m)[7], int rows, int columns) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) m[r][c] = 0;
}
NOINLINE static void fill_own_length(unsigned char *n) { // the bound lies inside the filled bytes
  for (int i = 0; i < n[4]; i++) n[i] = 6;
}

int main(void) {
  uint16_t h[20] = {0};
  fill16(h + 1, HIDE((uint16_t)0xabcd), 17);
  CHECK(h[0] == 0 && h[1] == 0xabcd && h[17] == 0xabcd && h[18] == 0);
  fill16(h, 7, HIDE(-3));
  CHECK_EQ(h[0], 0);

  uint32_t w[12] = {0};
  fill32(w, HIDE(11));
  CHECK(w[0] == 0x01020304 && w[10] == 0x01020304 && w[11] == 0);
  fill_same_bytes(w, HIDE(5));
  CHECK(w[4] == 0x5a5a5a5a && w[5] == 0x01020304);

  double d[6] = {1, 1, 1, 1, 1, 1};
  fill_double(d, HIDE(5));
  uint64_t bits;
  memcpy(&bits, &d[4], 8);
  CHECK(bits == 0x8000000000000000ull && d[5] == 1);

  uint8_t b[32];
  memset(b, 1, sizeof b);
  fill_down(b + 20, HIDE(10));
  CHECK(b[9] == 1 && b[10] == 0xaa && b[19] == 0xaa && b[20] == 1);
  fill_every_other(b, HIDE(32));
  CHECK(b[0] == 0 && b[1] == 1 && b[11] == 0xaa && b[12] == 0 && b[31] == 1);

  char text[] = "hello; world";
  fill_until(text, HIDE(';'));
  CHECK(strcmp(text, ".....; world") == 0);

  struct triple t[6];
  memset(t, 0, sizeof t);
  fill_triples(t, HIDE(5));
  fill_two_of_three(t, HIDE(4));
  CHECK(t[3].a == 9 && t[3].b == 1 && t[3].c == 9 && t[4].c == 1 && t[5].a == 0);

  int m[5][7];
  for (int i = 0; i < 35; i++) m[i / 7][i % 7] = i;
  clear_matrix(m, HIDE(4), HIDE(6));
  CHECK(m[3][5] == 0 && m[3][6] == 27 && m[4][0] == 28);
  clear_matrix(m, 4, HIDE(7));
  CHECK(m[3][6] == 0 && m[4][0] == 28);

  unsigned char own[16] = {0, 0, 0, 0, 12};
  fill_own_length(own);
  CHECK(own[5] == 6 && own[6] == 0);
  unsigned sum = 0;
  for (int i = 0; i < 32; i++) sum = sum * 17 + b[i];
  printf("%u %s\n", sum, text);
  return verdict();
}
