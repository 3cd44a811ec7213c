// Aims at: store-to-load forwarding between array elements that coincide only at run time.
#include "check.h"
#include <stddef.h>

struct cell { int key; short tag; char mark; double weight; };

NOINLINE static int forward(struct cell *cells, size_t i, size_t j) {
  cells[i].key = 10;
  cells[j].key = 20;
  int seen = cells[i].key;
  cells[i].tag = 1;
  cells[j].tag = (short)(cells[i].tag + 1);
  return seen + cells[i].tag;
}

NOINLINE static void shift_window(int *a, ptrdiff_t distance, int n) {
  for (int i = 0; i < n; i++) a[i + distance] = a[i] + 1;
}

NOINLINE static int histogram(const unsigned char *items, int n, int *bins) {
  int highest = 0;
  for (int i = 0; i < n; i++) { // neighbours may hit the same bin: no vector scatter
    bins[items[i]] += 1;
    if (bins[items[i]] > highest) highest = bins[items[i]];
  }
  return highest;
}

NOINLINE static int partial_overlap(char *base, int step) {
  int *first = (int *)base, *second = (int *)(base + step);
  *first = 0x01010101;
  *second = 0x02020202;
  return *first;
}

NOINLINE static int swap_in_place(int *a, int *b) {
  *a ^= *b;
  *b ^= *a;
  *a ^= *b;
  return *a;
}

NOINLINE static int matrix_row_is_column(int (*m)[4], int row, int column) {
  int sum = 0;
  for (int k = 0; k < 4; k++) {
    m[row][k] += 1;
    sum += m[k][column];
  }
  return sum;
}

int main(void) {
  struct cell cells[4] = {{0, 0, 0, 0.0}};
  CHECK_EQ(forward(cells, HIDE((size_t)1), HIDE((size_t)2)), 11);
  CHECK_EQ(forward(cells, HIDE((size_t)3), HIDE((size_t)3)), 22);

  int a[24], b[24];
  for (int distance = -4; distance <= 4; distance++) {
    for (int i = 0; i < 24; i++) a[i] = b[i] = i * 3;
    shift_window(a + 4, HIDE((ptrdiff_t)distance), 16);
    for (volatile int i = 0; i < 16; i++) b[i + 4 + distance] = b[i + 4] + 1;
    for (int i = 0; i < 24; i++) CHECK_EQ(a[i], b[i]);
  }

  unsigned char items[64];
  int bins[8] = {0};
  for (int i = 0; i < 64; i++) items[i] = (unsigned char)(i < 40 ? 3 : i % 8);
  CHECK_EQ(histogram(items, 64, bins), 43);
  CHECK_EQ(bins[3], 43);
  CHECK_EQ(bins[0], 3);

  _Alignas(8) char raw[16] = {0};
  CHECK_EQ(partial_overlap(raw, HIDE(4)), 0x01010101);
  CHECK_EQ(partial_overlap(raw, HIDE(0)), 0x02020202);

  int x = HIDE(6), y = HIDE(9);
  CHECK_EQ(swap_in_place(&x, &y), 9);
  CHECK_EQ(swap_in_place(&x, &x), 0);

  int m[4][4] = {{0}};
  CHECK_EQ(matrix_row_is_column(m, HIDE(1), HIDE(2)), 0);
  CHECK_EQ(matrix_row_is_column(m, HIDE(1), HIDE(0)), 2);
  printf("%d %d %d\n", cells[3].tag, bins[3], m[1][0]);
  return verdict();
}
