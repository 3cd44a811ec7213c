// Aims at: backtracking searches: queens by bits and by arrays, subset sums, a knight's tour.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static int queens_bits(unsigned all, unsigned columns, unsigned left, unsigned right) {
  if (columns == all) return 1;
  int n = 0;
  for (unsigned free = all & ~(columns | left | right); free;) {
    unsigned bit = free & -free;
    free ^= bit;
    n += queens_bits(all, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return n;
}
NOINLINE static int queens_array(int n, int row, signed char *at) {
  if (row == n) return 1;
  int count = 0;
  for (int c = 0; c < n; c++) {
    int fine = 1;
    for (int r = 0; r < row && fine; r++) fine = at[r] != c && at[r] - c != row - r
        && c - at[r] != row - r;
    if (!fine) continue;
    at[row] = (signed char)c;
    count += queens_array(n, row + 1, at);
  }
  return count;
}
NOINLINE static int subsets(const int *p, int n, int sum) {
  if (n == 0) return sum == 0;
  return subsets(p + 1, n - 1, sum) + subsets(p + 1, n - 1, sum - *p);
}
NOINLINE static int subsets_by_counting(const int *p, int n, int sum) {
  int ways[101] = {1};
  for (int i = 0; i < n; i++) for (int s = 100; s >= p[i]; s--) ways[s] += ways[s - p[i]];
  return ways[sum];
}
static signed char board[5][5];
NOINLINE static int knight(int y, int x, int step) {
  static const signed char moves[8][2] =
      {{1, 2}, {2, 1}, {2, -1}, {1, -2}, {-1, -2}, {-2, -1}, {-2, 1}, {-1, 2}};
  if (y < 0 || y >= 5 || x < 0 || x >= 5 || board[y][x]) return 0;
  board[y][x] = (signed char)step;
  if (step == 25) return 1;
  for (int m = 0; m < 8; m++) if (knight(y + moves[m][0], x + moves[m][1], step + 1)) return 1;
  board[y][x] = 0;
  return 0;
}
static char grid[82];
NOINLINE static int allowed(int at, char c) {
  int y = at / 9, x = at % 9, by = y / 3 * 3, bx = x / 3 * 3;
  for (int i = 0; i < 9; i++)
    if (grid[y * 9 + i] == c || grid[i * 9 + x] == c
        || grid[(by + i / 3) * 9 + bx + i % 3] == c) return 0;
  return 1;
}
NOINLINE static int sudoku(int *tries) { // the cell with the fewest choices first
  int best = -1, fewest = 10;
  for (int at = 0; at < 81; at++) {
    if (grid[at] != '.') continue;
    int n = 0;
    for (char c = '1'; c <= '9'; c++) n += allowed(at, c);
    if (n < fewest) fewest = n, best = at;
  }
  if (best < 0) return 1;
  ++*tries;
  for (char c = '1'; c <= '9'; c++) {
    if (!allowed(best, c)) continue;
    grid[best] = c;
    if (sudoku(tries)) return 1;
    grid[best] = '.';
  }
  return 0;
}
// ? one, * any, + one or more of the next, \ literal.
NOINLINE static int match(const char *p, const char *s) {
  for (;; p++, s++) {
    switch (*p) {
    case 0: return *s == 0;
    case '*': do if (match(p + 1, s)) return 1; while (*s++); return 0;
    case '+': for (; *s && *s == p[1]; s++) if (match(p + 2, s + 1)) return 1; return 0;
    case '?': if (*s) continue; return 0;
    case '\\': p++; // fall through
    default: if (*p != *s) return 0;
    }
  }
}

int main(void) {
  const int counts[] = {1, 1, 0, 0, 2, 10, 4, 40};
  signed char at[8];
  for (int n = 1; n < 8; n++) {
    CHECK_EQ(queens_bits((1u << HIDE(n)) - 1, 0, 0, 0), counts[n]);
    CHECK_EQ(queens_array(HIDE(n), 0, at), counts[n]);
  }
  const int items[] = {3, 34, 4, 12, 5, 2, 8, 8, 1, HIDE(7)};
  int ways = 0;
  for (int s = 0; s < 60; s += 7) {
    CHECK_EQ(subsets(items, 10, s), subsets_by_counting(items, 10, s));
    ways = ways * 3 + subsets(items, 10, s);
  }
  CHECK(knight(HIDE(4), HIDE(4), 1));
  int total = 0, places[26] = {0};
  for (int i = 0; i < 25; i++) places[(int)board[i / 5][i % 5]] = i;
  for (int step = 2; step <= 25; step++) {
    int dy = places[step] / 5 - places[step - 1] / 5, dx = places[step] % 5 - places[step - 1] % 5;
    CHECK_EQ(dx * dx + dy * dy, 5);
    total = total * 5 % 10007 + places[step];
  }
  strcpy(grid, "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79");
  int tries = 0;
  CHECK(sudoku(&tries));
  CHECK(strcmp(grid, "534678912672195348198342567859761423426853791713924856961537284287419635345286179") == 0);
  static const struct { const char *p, *s; int yes; } cases[] = {
      {"", "", 1}, {"a?c", "abc", 1}, {"a?c", "ac", 0}, {"*", "", 1}, {"*b*d", "abcbcd", 1},
          {"*b*d", "abcbce", 0},
      {"+ab", "aaab", 1}, {"+ab", "b", 0}, {"+aab", "aab", 1}, {"\\**", "*x", 1},
          {"\\**", "x*", 0}, {"?*?", "a", 0}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases;
      i++) CHECK_EQ(match(cases[i].p, HIDE(cases[i].s)), cases[i].yes);
  printf("%d %d %d %s\n", ways, total, tries, grid);
  return verdict();
}
