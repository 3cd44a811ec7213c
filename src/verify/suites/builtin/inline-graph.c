// Aims at: a deep static call graph: inlining, partial inlining, cold splitting.
#include "check.h"
#include <stdint.h>
#include <string.h>

enum { SLOTS = 32 };
struct entry { uint32_t key; int value; uint8_t used; };
struct table { struct entry slot[SLOTS]; int count, probes, grown; };
enum mode { STRICT, LENIENT, COUNT_ONLY };

static uint32_t mix(uint32_t k, int rounds) {
  for (int i = 0; i < rounds; i++) k = (k ^ k >> 15) * 0x2c1b3c6du + (uint32_t)i;
  return k;
}
static uint32_t start(uint32_t key) { return mix(key, 2) % SLOTS; }
static int matches(const struct entry *e, uint32_t key) { return e->used && e->key == key; }
static struct entry *probe(struct table *t, uint32_t key, int stop_at_free) {
  uint32_t at = start(key);
  for (int n = 0; n < SLOTS; n++, at = (at + 1) % SLOTS) {
    struct entry *e = &t->slot[at];
    t->probes++;
    if (matches(e, key)) return e;
    if (!e->used && stop_at_free) return e;
  }
  return 0;
}
__attribute__((cold)) static int trouble(struct table *t, int code, enum mode mode) {
  if (mode == COUNT_ONLY) return 0;
  t->grown += code;
  return mode == STRICT ? -code : code;
}
static int put(struct table *t, uint32_t key, int value, enum mode mode) {
  if (key == 0) return trouble(t, 1, mode);
  struct entry *e = probe(t, key, 1);
  if (!e) return trouble(t, 2, mode);
  if (!e->used) {
    if (t->count >= SLOTS - 2) return trouble(t, 3, mode);
    t->count++;
    e->used = 1;
    e->key = key;
    e->value = 0;
  }
  if (mode != COUNT_ONLY) e->value = mode == STRICT ? value : e->value + value;
  return 0;
}
static int get(struct table *t, uint32_t key, int otherwise) {
  struct entry *e = probe(t, key, 1);
  return e && e->used ? e->value : otherwise;
}
static int put_strict(struct table *t, uint32_t key, int value) {
  return put(t, key, value, STRICT);
}
static int put_lenient(struct table *t, uint32_t key, int value) {
  return put(t, key, value, LENIENT);
}
static int touch(struct table *t, uint32_t key) { return put(t, key, 12345, COUNT_ONLY); }
static int increment(struct table *t, uint32_t key) { return put_lenient(t, key, 1); }
static void each(struct table *t, void (*f)(struct entry *, long *), long *state) {
  for (int i = 0; i < SLOTS; i++) if (t->slot[i].used) f(&t->slot[i], state);
}
static void add_value(struct entry *e, long *sum) { *sum += e->value; }
static void xor_key(struct entry *e, long *sum) { *sum ^= (long)e->key; }
static void double_value(struct entry *e, long *count) { e->value *= 2; ++*count; }
static long total(struct table *t) { long sum = 0; each(t, add_value, &sum); return sum; }
static long keys(struct table *t) { long sum = 0; each(t, xor_key, &sum); return sum; }

static uint32_t word_hash(const char *s) {
  uint32_t h = 0;
  while (*s > ' ') h = h * 31 + (uint8_t)*s++;
  return h ? h : 1;
}
static int count_words(struct table *t, const char *text) {
  int words = 0;
  while (*text) {
    while (*text == ' ') text++;
    if (!*text) break;
    if (increment(t, word_hash(text)) == 0) words++;
    while (*text > ' ') text++;
  }
  return words;
}

int main(void) {
  static struct table t, u;
  const char *text = "the cat and the dog and the bird saw the other cat and  ran ";
  CHECK_EQ(count_words(&t, text), 14);
  CHECK_EQ(t.count, 8);
  CHECK(get(&t, word_hash("the"), 0) == 4 && get(&t, word_hash("and"), 0) == 3
      && get(&t, word_hash("fish"), -1) == -1);
  CHECK_EQ(total(&t), 14);
  long doubled = 0;
  each(&t, double_value, &doubled);
  CHECK(doubled == 8 && total(&t) == 28);

  long key_xor = 0;
  for (uint32_t k = 1; k <= 30; k++) {
    CHECK_EQ(k % 3 ? put_strict(&u, HIDE(k) * 1000003u, (int)k) : touch(&u, HIDE(k) * 1000003u), 0);
    key_xor ^= (long)(k * 1000003u);
  }
  CHECK(u.count == 30 && keys(&u) == key_xor && total(&u) == 465 - 165);
  CHECK(put_strict(&u, HIDE(0u), 1) == -1 && put_lenient(&u, HIDE(0u), 1) == 1
      && touch(&u, HIDE(0u)) == 0);
  CHECK(put_strict(&u, HIDE(5u), 1) == -3 && put_lenient(&u, HIDE(5u), 1) == 3 && u.grown == 8);
  CHECK(put_lenient(&u, HIDE(7u) * 1000003u, 100) == 0 && get(&u, 7 * 1000003u, 0) == 107);
  CHECK(get(&u, HIDE(9u) * 1000003u, 4) == 0 && get(&u, HIDE(99u), 4) == 4);
  printf("%d %d %ld\n", t.probes, u.probes, keys(&t));
  return verdict();
}
