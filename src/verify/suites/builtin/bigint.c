// Aims at: multi-word arithmetic: carry and borrow chains.
#include "check.h"
#include <stdint.h>
#include <string.h>

enum { WORDS = 20 };
typedef struct { uint32_t word[WORDS]; } number;

NOINLINE static number small(uint32_t v) { number n = {{v}}; return n; }
NOINLINE static uint32_t add_to(number *a, const number *b) {
  uint32_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    uint32_t sum = a->word[i] + carry;
    uint32_t first = sum < carry;
    sum += b->word[i];
    carry = first | (sum < b->word[i]); // both wraps, at most one of them
    a->word[i] = sum;
  }
  return carry;
}
NOINLINE static uint32_t subtract_from(number *a, const number *b) {
  uint32_t borrow = 0;
  for (int i = 0; i < WORDS; i++) {
    uint64_t d = (uint64_t)a->word[i] - b->word[i] - borrow;
    a->word[i] = (uint32_t)d;
    borrow = d >> 63;
  }
  return borrow;
}
NOINLINE static number multiply(number a, number b) {
  number r = {{0}};
  for (int i = 0; i < WORDS; i++) {
    uint64_t carry = 0;
    for (int j = 0; i + j < WORDS; j++) {
      carry += (uint64_t)a.word[i] * b.word[j] + r.word[i + j];
      r.word[i + j] = (uint32_t)carry;
      carry >>= 32;
    }
  }
  return r;
}
NOINLINE static uint32_t divide_small(number *a, uint32_t d) {
  uint64_t rest = 0;
  for (int i = WORDS - 1; i >= 0; i--) {
    rest = rest << 32 | a->word[i];
    a->word[i] = (uint32_t)(rest / d);
    rest %= d;
  }
  return (uint32_t)rest;
}
static int is_zero(const number *a) {
  for (int i = 0; i < WORDS; i++) if (a->word[i]) return 0;
  return 1;
}

static const char *decimal(number a) {
  static char text[WORDS * 10 + 1];
  char *p = text + sizeof text - 1;
  do *--p = (char)('0' + divide_small(&a, 10)); while (!is_zero(&a));
  return p;
}

int main(void) {
  number f = small(1);
  for (uint32_t i = 2; i <= 50; i++) f = multiply(f, small(HIDE(i)));
  CHECK(strcmp(decimal(f),
      "30414093201713378043612608166064768844377641568960512000000000000") == 0);
  number copy = f;
  for (uint32_t i = 50; i >= 2; i--) CHECK_EQ(divide_small(&copy, i), 0);
  CHECK(copy.word[0] == 1 && copy.word[1] == 0);

  number a = small(0), b = small(1);
  for (int i = 0; i < 300; i++) { // Fibonacci
    add_to(&a, &b);
    number t = a;
    a = b;
    b = t;
  }
  CHECK(strcmp(decimal(a), "222232244629420445529739893461909967206666939096499764990979600") == 0);
  printf("%s\n", decimal(a));
  number big = small(0);
  CHECK_EQ(subtract_from(&big, &b), 1); // below zero, all higher words set
  CHECK_EQ(big.word[WORDS - 1], UINT32_MAX);
  CHECK_EQ(add_to(&big, &b), 1);
  CHECK(is_zero(&big));

  number power = small(HIDE(3)), seven = small(7);
  for (int i = 0; i < 7; i++) power = multiply(power, power); // 3^128
  CHECK(strcmp(decimal(power),
      "11790184577738583171520872861412518665678211592275841109096961") == 0);
  CHECK_EQ(divide_small(&power, 7), 2);
  power = multiply(power, seven);
  number two = small(2);
  CHECK_EQ(add_to(&power, &two), 0);
  CHECK(strcmp(decimal(power),
      "11790184577738583171520872861412518665678211592275841109096961") == 0);
  return verdict();
}
