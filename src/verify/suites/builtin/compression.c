// Aims at: compressors and their inverses: run lengths, LZ with overlapping copies, Huffman.
#include "check.h"
#include <stdint.h>
#include <string.h>

enum { MOST = 600, ROOM = 2000 };
typedef uint8_t u8;

NOINLINE static int rle(const u8 *p, int n, u8 *to) {
  u8 *start = to;
  for (int i = 0, run; i < n; i += run) {
    for (run = 1; i + run < n && run < 255 && p[i + run] == p[i]; run++) { }
    *to++ = (u8)run;
    *to++ = p[i];
  }
  return (int)(to - start);
}
NOINLINE static int unrle(const u8 *p, int n, u8 *to) {
  u8 *start = to;
  for (const u8 *end = p + n; p < end; p += 2) for (int k = *p; k--;) *to++ = p[1];
  return (int)(to - start);
}
NOINLINE static int lz(const u8 *p, int n, u8 *to) { // 0 byte | length distance
  u8 *start = to;
  for (int i = 0; i < n;) {
    int best = 0, from = 0;
    for (int d = 1; d <= i && d < 256; d++) {
      int k = 0;
      while (i + k < n && k < 255 && p[i + k] == p[i + k - d]) k++; // may run into itself
      if (k > best) best = k, from = d;
    }
    if (best > 2) *to++ = (u8)best, *to++ = (u8)from, i += best;
    else *to++ = 0, *to++ = p[i++];
  }
  return (int)(to - start);
}
NOINLINE static int unlz(const u8 *p, int n, u8 *to) {
  u8 *start = to;
  for (const u8 *end = p + n; p < end; p += 2) {
    if (*p == 0) { *to++ = p[1]; continue; }
    const u8 *from = to - p[1];
    for (int k = *p; k--;) *to++ = *from++; // byte by byte: not a memcpy
  }
  return (int)(to - start);
}
struct tree { int weight[511], child[511][2], nodes; uint32_t code[256]; u8 length[256]; };
static void codes(struct tree *t, int node, uint32_t code, int length) {
  if (node < 256) { t->code[node] = code; t->length[node] = (u8)(length ? length : 1); return; }
  codes(t, t->child[node][0], code << 1, length + 1);
  codes(t, t->child[node][1], code << 1 | 1, length + 1);
}
NOINLINE static int build(struct tree *t, const u8 *p, int n) {
  memset(t, 0, sizeof *t);
  for (int i = 0; i < n; i++) t->weight[p[i]]++;
  t->nodes = 256;
  for (;;) {
    int a = -1, b = -1;
    for (int i = 0; i < t->nodes; i++) {
      if (t->weight[i] <= 0) continue;
      if (a < 0 || t->weight[i] < t->weight[a]) b = a, a = i;
      else if (b < 0 || t->weight[i] < t->weight[b]) b = i;
    }
    if (b < 0) { codes(t, a, 0, 0); return a; }
    t->child[t->nodes][0] = a, t->child[t->nodes][1] = b;
    t->weight[t->nodes++] = t->weight[a] + t->weight[b];
    t->weight[a] = t->weight[b] = -1;
  }
}
NOINLINE static int huffman(const struct tree *t, const u8 *p, int n, u8 *to) {
  uint64_t bits = 0;
  int have = 0, at = 0;
  for (int i = 0; i < n; i++) {
    bits = bits << t->length[p[i]] | t->code[p[i]];
    for (have += t->length[p[i]]; have >= 8; have -= 8) to[at++] = (u8)(bits >> (have - 8));
  }
  if (have) to[at++] = (u8)(bits << (8 - have));
  return at;
}
NOINLINE static void unhuffman(const struct tree *t, int root, const u8 *p, u8 *to, int n) {
  int bit = 0;
  for (int i = 0; i < n; i++) {
    int node = root;
    if (node < 256) bit++;
    while (node >= 256) node = t->child[node][p[bit >> 3] >> (~bit & 7) & 1], bit++;
    to[i] = (u8)node;
  }
}
NOINLINE static int base64(const u8 *p, int n, char *to) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *start = to;
  for (; n > 0; n -= 3, p += 3) {
    uint32_t v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
    for (int k = 0; k < 4; k++) *to++ = k <= n ? digits[v >> (18 - 6 * k) & 63] : '=';
  }
  *to = 0;
  return (int)(to - start);
}
static int delta(u8 *p, int n, int back) { // in place, and its inverse
  u8 last = 0;
  for (int i = 0; i < n; i++) { u8 now = p[i]; p[i] = (u8)(back ? now + last : now - last); last =
      back ? p[i] : now; }
  return n;
}

int main(void) {
  static u8 data[MOST], packed[ROOM], again[ROOM];
  static struct tree t;
  uint32_t x = HIDE(9u), total = 0;
  for (int kind = 0; kind < 5; kind++) {
    int n = kind == 4 ? 1 : MOST - kind * 50;
    for (int i = 0; i < n; i++) {
      x = x * 1103515245 + 12345;
      unsigned word = (unsigned char)"the cat sat on "[(x >> 16) % 4 + (unsigned)i % 11];
      unsigned of[] = {i % 3 ? 'b' : 'a', x >> 24, 'c', word, word};
      data[i] = (u8)of[kind];
    }
    int size = rle(data, n, packed);
    CHECK(unrle(packed, size, again) == n && memcmp(data, again, (size_t)n) == 0);
    total = total * 31 + (uint32_t)size;
    size = lz(data, n, packed);
    CHECK(unlz(packed, size, again) == n && memcmp(data, again, (size_t)n) == 0);
    if (kind == 2) CHECK_EQ(size, 6);
    total = total * 31 + (uint32_t)size;
    int root = build(&t, data, n);
    size = huffman(&t, data, n, packed);
    unhuffman(&t, root, packed, again, n);
    CHECK(memcmp(data, again, (size_t)n) == 0);
    total = total * 31 + (uint32_t)size;
    delta(again, n, 0);
    CHECK(delta(again, n, 1) == n && memcmp(data, again, (size_t)n) == 0);
  }
  char text[20];
  CHECK(base64((const u8 *)"Many", HIDE(4), text) == 8 && strcmp(text, "TWFueQ==") == 0);
  CHECK(base64((const u8 *)"hello", HIDE(5), text) == 8 && strcmp(text, "aGVsbG8=") == 0);
  CHECK(base64((const u8 *)"\xff\xfe\xfd", HIDE(3), text) == 4 && strcmp(text, "//79") == 0
      && base64(data, 0, text) == 0);
  printf("%u\n", total);
  return verdict();
}
