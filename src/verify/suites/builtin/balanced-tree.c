// Aims at: pointer-rich code: an AVL tree with parent pointers.
#include "check.h"
#include <stdint.h>
#include <stdlib.h>

struct node { struct node *child[2], *parent; int key, height; };
static int nodes, rotations;

static int height(const struct node *n) { return n ? n->height : 0; }
static void update(struct node *n) {
  int l = height(n->child[0]), r = height(n->child[1]);
  n->height = 1 + (l > r ? l : r);
}
static struct node **slot_of(struct node **root, struct node *n) {
  return !n->parent ? root : &n->parent->child[n->parent->child[1] == n];
}
// Child[!side] comes up.
NOINLINE static struct node *rotate(struct node **root, struct node *n, int side) {
  struct node **slot = slot_of(root, n), *up = n->child[!side], *middle = up->child[side];
  *slot = up;
  up->parent = n->parent;
  up->child[side] = n;
  n->parent = up;
  n->child[!side] = middle;
  if (middle) middle->parent = n;
  update(n);
  update(up);
  rotations++;
  return up;
}
NOINLINE static void rebalance(struct node **root, struct node *n) {
  for (; n; n = n->parent) {
    update(n);
    int lean = height(n->child[0]) - height(n->child[1]);
    if (lean > -2 && lean < 2) continue;
    int heavy = lean < 0;
    struct node *c = n->child[heavy];
    if (height(c->child[!heavy]) > height(c->child[heavy])) rotate(root, c, heavy);
    n = rotate(root, n, !heavy);
  }
}
NOINLINE static struct node *find(struct node *n, int key) {
  while (n && n->key != key) n = n->child[key > n->key];
  return n;
}
NOINLINE static int insert(struct node **root, int key) {
  struct node **slot = root, *parent = NULL;
  while (*slot) {
    if ((*slot)->key == key) return 0;
    parent = *slot;
    slot = &parent->child[key > parent->key];
  }
  struct node *n = calloc(1, sizeof *n);
  if (!n) exit(2);
  *slot = n;
  n->key = key;
  n->parent = parent;
  nodes++;
  rebalance(root, n);
  return 1;
}
NOINLINE static int erase(struct node **root, int key) {
  struct node *n = find(*root, key);
  if (!n) return 0;
  if (n->child[0] && n->child[1]) { // take the successor's key instead
    struct node *next = n->child[1];
    while (next->child[0]) next = next->child[0];
    n->key = next->key;
    n = next;
  }
  struct node *only = n->child[0] ? n->child[0] : n->child[1], *parent = n->parent;
  *slot_of(root, n) = only;
  if (only) only->parent = parent;
  free(n);
  nodes--;
  rebalance(root, parent);
  return 1;
}
NOINLINE static struct node *next_of(struct node *n) {
  if (n->child[1]) {
    for (n = n->child[1]; n->child[0];) n = n->child[0];
    return n;
  }
  while (n->parent && n->parent->child[1] == n) n = n->parent;
  return n->parent;
}
static int sound(const struct node *n, const struct node *parent) { // height, or -1
  if (!n) return 0;
  int l = sound(n->child[0], n), r = sound(n->child[1], n);
  if (l < 0 || r < 0 || l - r > 1 || r - l > 1 || n->parent != parent || n->height != 1 +
      (l > r ? l : r)) return -1;
  return n->height;
}

int main(void) {
  struct node *root = NULL;
  static uint8_t present[512];
  int count = 0;
  uint32_t x = HIDE(7u), hash = 0;
  for (int round = 0; round < 1500; round++) {
    x = x * 1103515245 + 12345;
    int key = round < 100 ? round : (int)(x >> 16) % 512;
    if (round < 100 || x >> 30 || round > 1400) {
      CHECK_EQ(insert(&root, key), !present[key]);
      count += !present[key];
      present[key] = 1;
    } else {
      CHECK_EQ(erase(&root, key), present[key]);
      count -= present[key];
      present[key] = 0;
    }
    if (round % 50 == 0) CHECK(sound(root, NULL) >= 0);
    CHECK_EQ(nodes, count);
    hash = hash * 31 + (uint32_t)height(root);
  }
  struct node *n = root;
  while (n->child[0]) n = n->child[0];
  for (int key = 0; key < 512; key++) {
    CHECK_EQ(find(root, key) != NULL, present[key]);
    if (!present[key]) continue;
    CHECK(n && n->key == key);
    n = n ? next_of(n) : NULL;
  }
  CHECK(n == NULL);
  for (int key = 511; key >= 0; key--) CHECK_EQ(erase(&root, key), present[key]);
  CHECK(root == NULL && nodes == 0);
  printf("%d %u %d\n", count, hash, rotations);
  return verdict();
}
