// Aims at: restrict where it holds, and the same loops without it on overlapping buffers.
#include "check.h"

static inline void add_restrict(int *restrict to, const int *restrict a, const int *restrict b,
    int n) {
  for (int i = 0; i < n; i++) to[i] = a[i] + b[i];
}

static inline void add_plain(int *to, const int *a, const int *b, int n) {
  for (int i = 0; i < n; i++) to[i] = a[i] + b[i];
}

NOINLINE static void both(int *data, int n) {
  add_restrict(data + 2 * n, data, data + n, n);
  add_plain(data + 1, data, data, n); // each element feeds the next
}

NOINLINE static int two_pointers(int *restrict p, int *q) {
  *p = 1;
  *q = 2; // q is another object: p stays 1
  return *p * 10 + *q;
}

NOINLINE static int maybe_same(int *p, int *q) {
  *p = 1;
  *q = 2;
  return *p * 10 + *q;
}

struct pair { int *restrict left; int *restrict right; };

NOINLINE static long through_struct(struct pair *pair, int n) {
  long sum = 0;
  for (int i = 0; i < n; i++) {
    pair->left[i] += pair->right[i];
    sum += pair->left[i] - pair->right[i];
  }
  return sum;
}

// restrict ends with its block: the second block may write what the first only read.
NOINLINE static int blocks(int *data) {
  int before;
  { int *restrict r = data; before = r[0] + r[1]; }
  { int *restrict w = data; w[0] = before; w[1] = w[0] + 1; }
  return data[0] * 100 + data[1];
}

NOINLINE static void prefix_sums(int *to, const int *from, int n) {
  to[0] = from[0];
  for (int i = 1; i < n; i++) to[i] = to[i - 1] + from[i];
}

int main(void) {
  int data[40];
  for (int i = 0; i < 40; i++) data[i] = HIDE(i + 1);
  both(data, 8);
  for (int i = 0; i < 8; i++) CHECK_EQ(data[16 + i], (i + 1) + (i + 9));
  for (int i = 0; i <= 8; i++) CHECK_EQ(data[i], 1 << i);

  int x = 5, y = 6;
  CHECK_EQ(two_pointers(&x, &y), 12);
  CHECK_EQ(maybe_same(&x, &y), 12);
  CHECK_EQ(maybe_same(&x, &x), 22);

  int left[10], right[10];
  for (int i = 0; i < 10; i++) left[i] = i * i, right[i] = 7 * i;
  struct pair pair = {left, right};
  CHECK_EQ(through_struct(&pair, 10), 285);

  int two[2] = {HIDE(3), HIDE(4)};
  CHECK_EQ(blocks(two), 708);

  int run[10];
  for (int i = 0; i < 10; i++) run[i] = 1;
  prefix_sums(run, run, 10);
  CHECK_EQ(run[9], 10);
  prefix_sums(run + 1, run, 9);
  printf("%d %d %d\n", data[8], run[5], run[9]);
  CHECK_EQ(run[9], 256);
  return verdict();
}
