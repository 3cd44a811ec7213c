// Aims at: matrix kernels: multiplication in six loop orders and in blocks, LU.
#include "check.h"
#include <string.h>

enum { N = 13 };
typedef double matrix[N][N];
static matrix a, b, wanted;

// All values are small integers, so every order of summation gives the same exact result.
#define ORDER(name, x, y, z) \
  NOINLINE static void name(matrix r) { \
    memset(r, 0, sizeof(matrix)); \
    for (int x = 0; x < N; x++) for (int y = 0; y < N; y++) for (int z = 0; z < N; z++) r[i][j] += a[i][k] * b[k][j]; \
  }
ORDER(ijk, i, j, k) ORDER(ikj, i, k, j) ORDER(jik, j, i, k) ORDER(jki, j, k, i) ORDER(kij, k, i,
    j) ORDER(kji, k, j, i)
NOINLINE static void blocked(matrix r) {
  memset(r, 0, sizeof(matrix));
  for (int ii = 0; ii < N; ii += 4)
    for (int kk = 0; kk < N; kk += 4)
      for (int i = ii; i < N && i < ii + 4; i++)
        for (int k = kk; k < N && k < kk + 4; k++)
          for (int j = 0; j < N; j++) r[i][j] += a[i][k] * b[k][j];
}
// Pointers may alias: they do not.
NOINLINE static void by_rows(matrix r, double (*left)[N], double (*right)[N]) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      double s = 0, *row = left[i], *column = &right[0][j];
      for (int k = 0; k < N; k++, column += N) s += row[k] * *column;
      r[i][j] = s;
    }
}
NOINLINE static void transpose(matrix m) {
  for (int i = 0; i < N; i++) for (int j = i + 1; j < N; j++) { double t = m[i][j]; m[i][j] =
      m[j][i]; m[j][i] = t; }
}
NOINLINE static long determinant(int n, const int *m) { // Bareiss, exact in integers
  long t[64], previous = 1, sign = 1;
  for (int i = 0; i < n * n; i++) t[i] = m[i];
  for (int k = 0; k + 1 < n; k++) {
    int p = k;
    while (p < n && t[p * n + k] == 0) p++;
    if (p == n) return 0;
    if (p != k) {
      sign = -sign;
      for (int j = 0; j < n; j++) { long x = t[p * n + j]; t[p * n + j] = t[k * n + j];
          t[k * n + j] = x; }
    }
    for (int i = k + 1; i < n; i++)
      for (int j = k + 1; j < n; j++) t[i * n + j] =
          (t[i * n + j] * t[k * n + k] - t[i * n + k] * t[k * n + j]) / previous;
    previous = t[k * n + k];
  }
  return sign * t[n * n - 1];
}
NOINLINE static long by_minors(int n, const int *m) {
  if (n == 1) return m[0];
  long sum = 0;
  int rest[49];
  for (int column = 0; column < n; column++) {
    int *to = rest;
    for (int i = 1; i < n; i++) for (int j = 0; j < n; j++) if (j != column) *to++ = m[i * n + j];
    sum += (column % 2 ? -1 : 1) * m[column] * by_minors(n - 1, rest);
  }
  return sum;
}
// A stencil with wrap-around and two buffers.
NOINLINE static int life(unsigned char (*g)[16], int rounds) {
  unsigned char next[16][16];
  while (rounds--) {
    for (int y = 0; y < 16; y++)
      for (int x = 0; x < 16; x++) {
        int n = 0;
        for (int dy = -1; dy <= 1; dy++) for (int dx = -1; dx <= 1; dx++) if (dx
            || dy) n += g[(y + dy) & 15][(x + dx) & 15];
        next[y][x] = n == 3 || (n == 2 && g[y][x]);
      }
    memcpy(g, next, sizeof next);
  }
  int alive = 0;
  for (int i = 0; i < 256; i++) alive += g[i / 16][i % 16];
  return alive;
}

int main(void) {
  for (int i = 0; i < N; i++) for (int j = 0; j < N; j++) a[i][j] = HIDE(i * 7 + j * 3) % 11 - 5,
      b[i][j] = HIDE(i * j) % 9 - 4;
  for (volatile int i = 0; i < N; i++)
    for (volatile int j = 0; j < N; j++) {
      long s = 0;
      for (int k = 0; k < N; k++) s += (long)a[i][k] * (long)b[k][j];
      wanted[i][j] = (double)s;
    }
  void (*const orders[])(matrix) = {ijk, ikj, jik, jki, kij, kji, blocked};
  matrix r;
  for (int o = 0; o < 7; o++) {
    orders[o](r);
    CHECK(memcmp(r, wanted, sizeof r) == 0);
  }
  by_rows(r, a, b);
  CHECK(memcmp(r, wanted, sizeof r) == 0);
  transpose(a), transpose(b), by_rows(r, b, a), transpose(r); // (BᵀAᵀ)ᵀ = AB
  CHECK(memcmp(r, wanted, sizeof r) == 0);
  double trace = 0;
  for (int i = 0; i < N; i++) trace += r[i][i];
  long sum = 0;
  for (int n = 1; n <= 6; n++) {
    int m[36];
    for (int i = 0; i < n * n; i++) m[i] = HIDE(i * i * 5 + i * n) % 7 - (i % (n + 1) == 0 ? 0 : 3);
    m[0] = n == 3 ? 0 : m[0];
    long d = determinant(n, m);
    CHECK_EQ(d, by_minors(n, m));
    sum = sum * 10 + d;
  }
  unsigned char grid[16][16] = {{0}}, glider[5][2] = {{0, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}};
  for (int i = 0; i < 5; i++) grid[glider[i][0]][glider[i][1]] = 1;
  CHECK_EQ(life(grid, HIDE(64)), 5); // moved 16 cells each way: back home
  for (int i = 0; i < 5; i++) CHECK(grid[glider[i][0]][glider[i][1]] == 1);
  printf("%g %ld\n", trace, sum);
  return verdict();
}
