// A hash table of strings: what much C code looks like. Repeats itself on purpose, so that outlining and merging find something.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry { char *key; int value; struct entry *next; };
struct table { struct entry *buckets[64]; int count; int collisions; };

static unsigned hash(const char *text) {
  unsigned h = 5381;
  for (; *text; text++) h = h * 33 + (unsigned char)*text;
  return h % 64;
}

int table_put(struct table *t, const char *key, int value) {
  unsigned slot = hash(key);
  for (struct entry *e = t->buckets[slot]; e; e = e->next)
    if (strcmp(e->key, key) == 0) { e->value = value; return 0; }
  struct entry *e = malloc(sizeof *e);
  if (!e) { fprintf(stderr, "no memory for %s\n", key); return -1; }
  e->key = strdup(key);
  e->value = value;
  e->next = t->buckets[slot];
  if (e->next) t->collisions++;
  t->buckets[slot] = e;
  t->count++;
  return 1;
}

int table_get(const struct table *t, const char *key, int fallback) {
  for (const struct entry *e = t->buckets[hash(key)]; e; e = e->next)
    if (strcmp(e->key, key) == 0) return e->value;
  return fallback;
}

void table_print(const struct table *t, FILE *out) {
  for (int i = 0; i < 64; i++)
    for (const struct entry *e = t->buckets[i]; e; e = e->next) {
      if (e->value < 0) fprintf(out, "%-20s %10d negative\n", e->key, e->value);
      else if (e->value == 0) fprintf(out, "%-20s %10d zero\n", e->key, e->value);
      else fprintf(out, "%-20s %10d positive\n", e->key, e->value);
    }
}

int table_min(const struct table *t) {
  int best = 0, seen = 0;
  for (int i = 0; i < 64; i++)
    for (const struct entry *e = t->buckets[i]; e; e = e->next)
      if (!seen || e->value < best) { best = e->value; seen = 1; }
  return best;
}

int table_max(const struct table *t) {
  int best = 0, seen = 0;
  for (int i = 0; i < 64; i++)
    for (const struct entry *e = t->buckets[i]; e; e = e->next)
      if (!seen || e->value > best) { best = e->value; seen = 1; }
  return best;
}

void table_free(struct table *t) {
  for (int i = 0; i < 64; i++)
    while (t->buckets[i]) {
      struct entry *e = t->buckets[i];
      t->buckets[i] = e->next;
      free(e->key);
      free(e);
    }
  memset(t, 0, sizeof *t);
}
