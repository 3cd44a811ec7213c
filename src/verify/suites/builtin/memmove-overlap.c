// Aims at: memmove, memcpy and copy loops over overlapping ranges, forward and backward.
#include "check.h"
#include <string.h>

static unsigned char work[96], model[96];

static void reset(void) {
  for (int i = 0; i < 96; i++) work[i] = model[i] = (unsigned char)(i * 7 + 1);
}

NOINLINE static void copy_up(unsigned char *to, const unsigned char *from, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] = from[i]; // smears when to is just above from
}
NOINLINE static void copy_down(unsigned char *to, const unsigned char *from, size_t n) {
  while (n--) to[n] = from[n];
}
NOINLINE static void move(void *to, const void *from, size_t n) { memmove(to, from, n); }
NOINLINE static void move8(unsigned char *at, int by) { memmove(at + by, at, 8); }
NOINLINE static void move_struct(unsigned char *at, int by) {
  struct { unsigned char bytes[24]; } whole;
  memcpy(&whole, at, sizeof whole);
  memcpy(at + by, &whole, sizeof whole);
}

NOINLINE static void model_move(int to, int from, int n) {
  unsigned char copy[96];
  for (volatile int i = 0; i < n; i++) copy[i] = model[from + i];
  for (volatile int i = 0; i < n; i++) model[to + i] = copy[i];
}
static int agree(void) { return memcmp(work, model, 96) == 0; }

NOINLINE static void rotate_left(int *a, int n) {
  int first = a[0];
  for (int i = 0; i + 1 < n; i++) a[i] = a[i + 1];
  a[n - 1] = first;
}
NOINLINE static void insert_front(int *a, int n, int value) {
  for (int i = n - 1; i > 0; i--) a[i] = a[i - 1];
  a[0] = value;
}

int main(void) {
  for (int n = 0; n <= 40; n += 5)
    for (int to = 0; to < 50; to += 3) {
      reset();
      move(work + HIDE(to), work + 24, (size_t)n);
      model_move(to, 24, n);
      CHECK(agree());
    }
  for (int by = -9; by <= 9; by++) {
    reset();
    move8(work + 40, by);
    move_struct(work + 20, by);
    model_move(40 + by, 40, 8);
    model_move(20 + by, 20, 24);
    CHECK(agree());
    reset();
    copy_up(work + 40 + by, work + 40, (size_t)HIDE(20));
    for (volatile int i = 0; i < 20; i++) model[40 + by + i] = model[40 + i];
    CHECK(agree());
    reset();
    copy_down(work + 40 + by, work + 40, (size_t)HIDE(20));
    for (volatile int i = 19; i >= 0; i--) model[40 + by + i] = model[40 + i];
    CHECK(agree());
  }
  reset();
  copy_up(work + 1, work, 50);
  CHECK(work[50] == work[0] && work[51] != work[0]);

  int list[8] = {HIDE(1), 2, 3, 4, 5, 6, 7, 8};
  rotate_left(list, 8);
  CHECK(list[0] == 2 && list[6] == 8 && list[7] == 1);
  insert_front(list, 8, 99);
  CHECK(list[0] == 99 && list[1] == 2 && list[7] == 8);
  unsigned sum = 0;
  for (int i = 0; i < 96; i++) sum = sum * 31 + work[i];
  printf("%u %d\n", sum, list[4]);
  return verdict();
}
