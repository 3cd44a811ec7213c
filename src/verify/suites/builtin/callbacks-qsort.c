// Aims at: qsort and bsearch callbacks: state in globals, const casts, similar comparators.
#include "check.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct row { char name[8]; int32_t key; double weight; };
static int compared, descending;

static int by_key(const void *a, const void *b) {
  const struct row *x = a, *y = b;
  compared++;
  return (x->key > y->key) - (x->key < y->key);
}
static int by_key_or_reverse(const void *a, const void *b) {
  const struct row *x = a, *y = b;
  compared++;
  return descending ? (y->key > x->key) - (y->key < x->key) : (x->key > y->key) - (x->key < y->key);
}
static int by_name(const void *a, const void *b) {
  return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}
static int by_weight_then_key(const void *a, const void *b) {
  const struct row *x = a, *y = b;
  if (x->weight != y->weight) return x->weight < y->weight ? -1 : 1;
  return by_key(a, b);
}
static int by_pointer(const void *a, const void *b) {
  return by_key(*(void *const *)a, *(void *const *)b);
}
static int bytes_down(const void *a, const void *b) {
  return *(const uint8_t *)b - *(const uint8_t *)a;
}
static int find_key(const void *key, const void *row) {
  int k = *(const int *)key, r = ((const struct row *)row)->key;
  return k < r ? -1 : k > r;
}

enum { N = 60 };
static struct row rows[N];
static uint32_t state = 12345;
static uint32_t next(void) { return state = state * 1103515245 + 12345, state >> 8; }
static void fill(void) {
  for (int i = 0; i < N; i++) {
    rows[i].key = (int32_t)(next() % 2000003) * (i % 3 ? 1 : -1) * 1000;
    rows[i].weight = next() % 5 / 4.0;
    snprintf(rows[i].name, sizeof rows[i].name, "n%03u", (unsigned)(next() % 1000));
  }
}
NOINLINE static int is_sorted(int (*order)(const void *, const void *)) {
  for (int i = 1; i < N; i++) if (order(&rows[i - 1], &rows[i]) > 0) return 0;
  return 1;
}
static long key_sum(void) { long s = 0; for (int i = 0; i < N; i++) s += rows[i].key; return s; }

int main(void) {
  fill();
  long sum = key_sum();
  qsort(rows, N, sizeof *rows, by_key);
  CHECK(is_sorted(by_key) && key_sum() == sum && compared > N);
  int32_t lowest = rows[0].key, highest = rows[N - 1].key;
  for (int i = 0; i < N; i += 7) {
    int key = rows[i].key, missing = key + 1;
    struct row *hit = bsearch(&key, rows, N, sizeof *rows, find_key);
    CHECK(hit && hit->key == key);
    CHECK(bsearch(&missing, rows, N, sizeof *rows, find_key) == NULL);
  }
  descending = HIDE(1);
  qsort(rows, N, sizeof *rows, by_key_or_reverse);
  CHECK(rows[0].key == highest && rows[N - 1].key == lowest && is_sorted(by_key_or_reverse));
  descending = 0;
  CHECK(!is_sorted(by_key_or_reverse));
  qsort(rows, N, sizeof *rows, by_name);
  CHECK(is_sorted(by_name));
  qsort(rows, N, sizeof *rows, by_weight_then_key);
  CHECK(is_sorted(by_weight_then_key) && rows[0].weight == 0.0);

  struct row *pointers[N];
  for (int i = 0; i < N; i++) pointers[i] = &rows[i];
  qsort(pointers, N, sizeof *pointers, by_pointer);
  CHECK(pointers[0]->key == lowest && pointers[N - 1]->key == highest);
  uint8_t bytes[] = {3, 200, 127, 128, 0, 255, HIDE((uint8_t)9)};
  const uint8_t wanted[] = {255, 200, 128, 127, 9, 3, 0};
  qsort(bytes, sizeof bytes, 1, bytes_down);
  CHECK(memcmp(bytes, wanted, sizeof wanted) == 0);
  qsort(bytes, HIDE((size_t)0), 1, bytes_down);
  printf("%ld %d %d %s\n", sum, lowest, highest, rows[0].name);
  return verdict();
}
