// Aims at: dependences between loop iterations and between loops: distribution, fusion.
#include "check.h"
#include <string.h>

enum { N = 40 };
static int a[N + 8], b[N + 8], c[N + 8];
static int grid[12][12];

static void reset(void) {
  for (int i = 0; i < N + 8; i++) a[i] = i * i % 23, b[i] = i * 7 % 31, c[i] = i;
}
NOINLINE static void recurrence(int distance, int n) {
  for (int i = distance; i < n; i++) a[i] = a[i - distance] * 3 % 101 + b[i];
}
// Reads the old next one.
NOINLINE static void anti(int n) { for (int i = 0; i < n; i++) a[i] = a[i + 1] + c[i]; }
NOINLINE static void two_statements(int n) { // the second reads what the first wrote a round ago
  for (int i = 1; i < n; i++) {
    a[i] = b[i] + 1;
    c[i] = a[i - 1] * 2;
  }
}
NOINLINE static void turned_statements(int n) {
  for (int i = 1; i < n; i++) {
    c[i] = a[i - 1] * 2;
    a[i] = c[i] % 17 + b[i];
  }
}
NOINLINE static void not_fusible(int n) { // the second loop reads ahead of the first
  for (int i = 0; i < n; i++) a[i] = b[i] + i;
  for (int i = 0; i < n; i++) c[i] = a[n - 1 - i] - a[i];
}
NOINLINE static void fusible(int n) {
  for (int i = 0; i < n; i++) a[i] = b[i] * 2;
  for (int i = 0; i < n; i++) c[i] = a[i] + 1;
}
NOINLINE static void not_interchangeable(int n) { // (1, -1): up one row, one to the right
  for (int i = 1; i < n; i++)
    for (int j = 0; j < n - 1; j++) grid[i][j] = grid[i - 1][j + 1] + grid[i][j];
}
NOINLINE static void wavefront(int n) {
  for (int j = 1; j < n; j++)
    for (int i = 1; i < n; i++) grid[i][j] = (grid[i - 1][j] + grid[i][j - 1]) % 1009;
}
NOINLINE static int scalar_carried(int n) { // last value of t is used in the next round
  int t = 5, sum = 0;
  for (int i = 0; i < n; i++) {
    sum += t * b[i];
    if (b[i] & 1) t = a[i];
  }
  return sum * 10 + t;
}
NOINLINE static void through_index(const int *index, int n) {
  for (int i = 0; i < n; i++) a[index[i]] += a[i] + 1;
}
NOINLINE static void moving_window(int *p, int n) {
  for (int i = 2; i < n - 2; i++) p[i] = (p[i - 2] + p[i - 1] + p[i] + p[i + 1] + p[i + 2]) / 5;
}
NOINLINE static void reversal(int *p, int n) {
  for (int i = 0, j = n - 1; i < j; i++, j--) { int t = p[i]; p[i] = p[j]; p[j] = t; }
}
NOINLINE static int conditional_store(int n) {
  for (int i = 0; i < n; i++) if (a[i] > 10) { b[i + 1] = a[i]; c[b[i] & 7]++; }
  return b[n];
}
NOINLINE static int hoisted_sum(int n) {
  for (int i = 0; i < n; i++) c[2] += a[i] + (i == 9 ? c[3]++ : 0);
  return c[2] * 10 + c[3];
}

// The checks hold a second copy that a volatile index walks.
static int ma[N + 8], mb[N + 8], mc[N + 8];
static void begin(void) {
  reset();
  memcpy(ma, a, sizeof a);
  memcpy(mb, b, sizeof b);
  memcpy(mc, c, sizeof c);
}
static int agree(void) {
  return !memcmp(ma, a, sizeof a) && !memcmp(mb, b, sizeof b) && !memcmp(mc, c, sizeof c);
}
#define MODEL(i, from, until, ...) for (volatile int i = from; i < (until); i++) __VA_ARGS__

int main(void) {
  unsigned hash = 0;
  for (int d = 1; d < 9; d++) {
    begin(), recurrence(HIDE(d), N);
    MODEL(i, d, N, ma[i] = ma[i - d] * 3 % 101 + mb[i];)
    CHECK(agree());
    hash = hash * 31 + (unsigned)a[N - 1];
  }
  begin(), anti(HIDE(N));
  MODEL(i, 0, N, ma[i] = ma[i + 1] + mc[i];)
  CHECK(agree());
  begin(), two_statements(HIDE(N));
  MODEL(i, 1, N, { ma[i] = mb[i] + 1; mc[i] = ma[i - 1] * 2; })
  CHECK(agree());
  begin(), turned_statements(HIDE(N));
  MODEL(i, 1, N, { mc[i] = ma[i - 1] * 2; ma[i] = mc[i] % 17 + mb[i]; })
  CHECK(agree());
  begin(), not_fusible(HIDE(N));
  MODEL(i, 0, N, ma[i] = mb[i] + i;)
  MODEL(i, 0, N, mc[i] = ma[N - 1 - i] - ma[i];)
  CHECK(agree());
  begin(), fusible(HIDE(N));
  MODEL(i, 0, N, { ma[i] = mb[i] * 2; mc[i] = ma[i] + 1; })
  CHECK(agree());
  for (int i = 0; i < 144; i++) grid[i / 12][i % 12] = 1;
  not_interchangeable(HIDE(12));
  CHECK(grid[11][0] == 12 && grid[5][9] == 3 && grid[3][11] == 1 && grid[11][10] == 2);
  for (int i = 0; i < 144; i++) grid[i / 12][i % 12] = 1;
  wavefront(HIDE(9));
  CHECK(grid[8][8] == 12870 % 1009 && grid[4][4] == 70 && grid[9][9] == 1); // binomials
  begin();
  int t = 5, sum = 0;
  MODEL(i, 0, N, { sum += t * mb[i]; if (mb[i] & 1) t = ma[i]; })
  CHECK_EQ(scalar_carried(HIDE(N)), sum * 10 + t);
  int index[N];
  for (int i = 0; i < N; i++) index[i] = i * 7 % 11;
  begin(), through_index(index, HIDE(N));
  MODEL(i, 0, N, ma[index[i]] += ma[i] + 1;)
  moving_window(b, HIDE(N));
  MODEL(i, 2, N - 2, mb[i] = (mb[i - 2] + mb[i - 1] + mb[i] + mb[i + 1] + mb[i + 2]) / 5;)
  reversal(c, HIDE(N - 1));
  MODEL(i, 0, N - 1, mc[i] = N - 2 - i;)
  CHECK(agree());
  begin();
  MODEL(i, 0, N, if (ma[i] > 10) { mb[i + 1] = ma[i]; mc[mb[i] & 7]++; })
  CHECK(conditional_store(HIDE(N)) == mb[N] && agree());
  MODEL(i, 0, N, mc[2] += ma[i] + (i == 9 ? mc[3]++ : 0);)
  CHECK(hoisted_sum(HIDE(N)) == mc[2] * 10 + mc[3] && agree());
  printf("%u %d\n", hash, sum);
  return verdict();
}
