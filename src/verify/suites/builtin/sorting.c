// Aims at: eight sorting algorithms over the same data: swaps, recursion, heaps, gaps, counting.
#include "check.h"
#include <stdint.h>
#include <string.h>

struct item { int key; int order; };
enum { MOST = 200 };
typedef void sort(struct item *, int);

static void swap(struct item *a, struct item *b) { struct item t = *a; *a = *b; *b = t; }
NOINLINE static void insertion(struct item *p, int n) {
  for (int i = 1; i < n; i++) {
    struct item x = p[i];
    int j = i;
    for (; j > 0 && p[j - 1].key > x.key; j--) p[j] = p[j - 1];
    p[j] = x;
  }
}
NOINLINE static void selection(struct item *p, int n) {
  for (int i = 0; i < n; i++) {
    int least = i;
    for (int j = i + 1; j < n; j++) if (p[j].key < p[least].key) least = j;
    swap(&p[i], &p[least]); // often with itself
  }
}
NOINLINE static void bubble(struct item *p, int n) {
  for (int swapped = 1; swapped; n--) {
    swapped = 0;
    for (int i = 1; i < n; i++) if (p[i - 1].key > p[i].key) swap(&p[i - 1], &p[i]), swapped = 1;
  }
}
NOINLINE static void shell(struct item *p, int n) {
  int gap = 1;
  while (gap < n / 3) gap = gap * 3 + 1;
  for (; gap > 0; gap /= 3)
    for (int i = gap; i < n; i++)
      for (int j = i; j >= gap && p[j - gap].key > p[j].key; j -= gap) swap(&p[j], &p[j - gap]);
}
NOINLINE static void quick(struct item *p, int n) {
  while (n > 1) {
    int pivot = p[(n - 1) / 2].key, i = 0, j = n - 1;
    for (;;) {
      while (p[i].key < pivot) i++;
      while (p[j].key > pivot) j--;
      if (i >= j) break;
      swap(&p[i++], &p[j--]);
    }
    if (j + 1 < n - j - 1) { quick(p, j + 1); p += j + 1; n -= j + 1; }
    else { quick(p + j + 1, n - j - 1); n = j + 1; }
  }
}
static void sift(struct item *p, int root, int n) {
  for (int child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && p[child + 1].key > p[child].key) child++;
    if (p[root].key >= p[child].key) return;
    swap(&p[root], &p[child]);
  }
}
NOINLINE static void heap(struct item *p, int n) {
  for (int i = n / 2; i-- > 0;) sift(p, i, n);
  for (int i = n - 1; i > 0; i--) swap(&p[0], &p[i]), sift(p, 0, i);
}
NOINLINE static void merge(struct item *p, int n) {
  struct item copy[MOST];
  if (n < 2) return;
  int half = n / 2, i = 0, j = half, k = 0;
  merge(p, half);
  merge(p + half, n - half);
  while (i < half && j < n) copy[k++] = p[j].key < p[i].key ? p[j++] : p[i++];
  while (i < half) copy[k++] = p[i++];
  while (j < n) copy[k++] = p[j++];
  memcpy(p, copy, (size_t)n * sizeof *p);
}
NOINLINE static void radix(struct item *p, int n) { // signed keys, four bytes
  struct item copy[MOST], *from = p, *to = copy;
  for (int shift = 0; shift < 32; shift += 8) {
    int count[257] = {0};
    for (int i = 0; i < n; i++) count[((((uint32_t)from[i].key ^ 0x80000000u) >> shift) & 255) +
        1]++;
    for (int i = 0; i < 256; i++) count[i + 1] += count[i];
    for (int i = 0; i < n;
        i++) to[count[(((uint32_t)from[i].key ^ 0x80000000u) >> shift) & 255]++] = from[i];
    struct item *t = from;
    from = to;
    to = t;
  }
}

int main(void) {
  static const struct { const char *name; sort *f; int stable; } sorts[] = {
      {"insertion", insertion, 1}, {"selection", selection, 0}, {"bubble", bubble, 1},
          {"shell", shell, 0},
      {"quick", quick, 0}, {"heap", heap, 0}, {"merge", merge, 1}, {"radix", radix, 1}};
  uint32_t state = HIDE(2463534242u), first_hash = 0;
  for (int round = 0; round < 12; round++) {
    int n = round < 4 ? round : round * 17;
    struct item data[MOST], p[MOST];
    for (int i = 0; i < n; i++) {
      state ^= state << 13, state ^= state >> 17, state ^= state << 5;
      data[i].key = round % 4 == 0 ? i : round % 4 == 1 ? n - i : round % 4 == 2
          ? (int)(state % 7) - 3 : (int)state;
      data[i].order = i;
    }
    for (unsigned s = 0; s < 8; s++) {
      memcpy(p, data, (size_t)n * sizeof *p);
      sorts[s].f(p, n);
      uint32_t hash = 0, orders = 0;
      int sorted = 1, stable = 1;
      for (int i = 0; i < n; i++) {
        hash = hash * 31 + (uint32_t)p[i].key;
        orders += (uint32_t)p[i].order;
        if (i && p[i - 1].key > p[i].key) sorted = 0;
        if (i && p[i - 1].key == p[i].key && p[i - 1].order > p[i].order) stable = 0;
        if (data[p[i].order].key != p[i].key) sorted = 0;
      }
      if (s == 0) first_hash = hash;
      CHECK(sorted && hash == first_hash && orders == (uint32_t)(n * (n - 1) / 2));
      if (sorts[s].stable) CHECK(stable);
    }
    printf("%d %u\n", n, first_hash);
  }
  return verdict();
}
