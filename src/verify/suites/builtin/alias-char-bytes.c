// Aims at: stores through char pointers, seen by later loads of int, double and pointers.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static uint32_t poke_between_loads(uint32_t *word, unsigned char *bytes, int at) {
  uint32_t before = *word;
  bytes[at] ^= 0x5a;
  return before ^ *word; // the second load may not be replaced by the first
}

NOINLINE static double flip_sign(double *value) {
  *value = *value * 2.0;
  ((unsigned char *)value)[7] ^= 0x80;
  return *value;
}

NOINLINE static long sum_while_writing(int *numbers, char *alias, int count) {
  long sum = 0;
  for (int i = 0; i < count; i++) {
    alias[i * 4] = (char)i; // may be numbers[i] itself
    sum += numbers[i];
  }
  return sum;
}

NOINLINE static int count_up_to(const int *limit, unsigned char *steps) {
  int done = 0;
  for (int i = 0; i < *limit; i++) { // the limit shrinks under the loop
    done++;
    if (i == 3) steps[0] = 5;
  }
  return done;
}

struct node { int key; struct node *next; };

NOINLINE static int relink(struct node *list, const unsigned char *replacement) {
  int first = list->next->key;
  memcpy(&list->next, replacement, sizeof list->next);
  return first * 100 + list->next->key;
}

int main(void) {
  uint32_t word = HIDE(0x11223344u);
  for (int i = 0; i < 4; i++)
    CHECK_EQ(poke_between_loads(&word, (unsigned char *)&word, i), 0x5au << (8 * i));
  CHECK_EQ(word, 0x11223344u ^ 0x5a5a5a5au);

  double value = HIDE(1.25);
  CHECK(flip_sign(&value) == -2.5);
  CHECK(value == -2.5);

  int numbers[16];
  for (int i = 0; i < 16; i++) numbers[i] = 0x100 * i + 0x7f;
  long sum = sum_while_writing(numbers, (char *)numbers, 16);
  CHECK_EQ(sum, 0x100 * 120 + 120);

  int limit = HIDE(100);
  CHECK_EQ(count_up_to(&limit, (unsigned char *)&limit), 5);

  struct node c = {3, 0}, b = {2, 0}, a = {1, &b}, *to_c = &c;
  CHECK_EQ(relink(&a, (unsigned char *)&to_c), 203);
  printf("%x %g %ld %d\n", word, value, sum, a.next->key);
  return verdict();
}
