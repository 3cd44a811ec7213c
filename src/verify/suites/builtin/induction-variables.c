// Aims at: induction variables: widening, narrow wrap, several in step, odd strides, exit values.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static int last_multiple(int n, int step) {
  int i = 0;
  while (i + step <= n) i += step;
  return i;
}
NOINLINE static long three_in_step(int n) {
  long a = 0, b = 100, c = 1;
  for (int i = 0; i < n; i++) { a += 3; b -= 2; c += a - b; }
  return a * 1000000 + b * 10000 + c;
}
// The 16-bit counter wraps while the loop goes on.
NOINLINE static unsigned narrow_counter(unsigned n) {
  uint16_t h = 65500;
  unsigned sum = 0;
  for (unsigned i = 0; i < n; i++) sum += h++;
  return sum;
}
NOINLINE static int signed_char_index(const int *middle) {
  int sum = 0;
  for (signed char i = -5; i <= 5; i++) sum += middle[i] * (i + 6);
  return sum;
}
NOINLINE static uint64_t scaled_index(const uint64_t *p, uint32_t from, uint32_t n) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < n; i++) sum = sum * 3 + p[(from + i * 3u) & 15]; // wraps in 32 bits
  return sum;
}
NOINLINE static int down_by_seven(int from) {
  int steps = 0;
  for (int i = from; i >= 0; i -= 7) steps += i;
  return steps;
}
NOINLINE static int meet(int low, int high) {
  int n = 0;
  while (low < high) { low += 2; high -= 3; n++; }
  return n * 100 + (low - high);
}
NOINLINE static unsigned doubling(unsigned limit) {
  unsigned i = 1;
  while (i < limit && i) i <<= 1;
  return i;
}
NOINLINE static long nested_triangle(int n) {
  long sum = 0;
  for (int i = 0; i < n; i++)
    for (int j = i; j < n; j++)
      for (int k = 0; k <= j - i; k++) sum += i ^ k;
  return sum;
}
NOINLINE static int quadratic(int n) {
  int x = 0, d = 1;
  for (int i = 0; i < n; i++) { x += d; d += 2; }
  return x;
}
NOINLINE static uint32_t cubic(uint32_t n) {
  uint32_t s = 0;
  for (uint32_t i = 0; i < n; i++) s += i * i * i;
  return s;
}
NOINLINE static int last_index(const char *s, char c) {
  int at = -1;
  for (int i = 0; s[i]; i++) if (s[i] == c) at = i;
  return at;
}
NOINLINE static int near_limit(void) {
  int n = 0;
  for (int i = INT_MAX - 3; i < INT_MAX; i++) n++;
  return n;
}
NOINLINE static uint64_t big_steps(uint64_t step) {
  uint64_t n = 0;
  for (uint64_t i = 0; i <= UINT64_MAX - step; i += step) n++;
  return n;
}
NOINLINE static const char *pointer_walk(const char *p, const char *end, int stride) {
  while (end - p >= stride) p += stride;
  return p;
}

int main(void) {
  CHECK(last_multiple(HIDE(100), 7) == 98 && last_multiple(HIDE(3), 7) == 0);
  long a = 0, b = 100, c = 1;
  for (volatile int i = 0; i < 10; i++) { a += 3; b -= 2; c += a - b; }
  CHECK_EQ(three_in_step(HIDE(10)), a * 1000000 + b * 10000 + c);
  CHECK_EQ(three_in_step(HIDE(0)), 1000001);
  CHECK_EQ(narrow_counter(HIDE(100u)), (65500u + 65535u) * 18u + 63u * 32u);
  int table[11];
  for (int i = 0; i < 11; i++) table[i] = i;
  CHECK_EQ(signed_char_index(table + 5), 440);
  uint64_t items[16], wanted = 0;
  for (int i = 0; i < 16; i++) items[i] = (uint64_t)i * i + 1;
  for (volatile uint32_t i = 0; i < 9; i++) wanted = wanted * 3 + items[(3 * i - 4) % 16];
  CHECK_EQ(scaled_index(items, HIDE(UINT32_MAX - 3), 9), wanted);
  CHECK_EQ(down_by_seven(HIDE(30)), 30 + 23 + 16 + 9 + 2);
  CHECK_EQ(down_by_seven(HIDE(-1)), 0);
  CHECK_EQ(meet(HIDE(0), 21), 504);
  CHECK(doubling(HIDE(1000u)) == 1024 && doubling(HIDE(UINT_MAX)) == 0 && doubling(HIDE(0u)) == 1);
  long triangle = 0;
  for (volatile int i = 0; i < 12; i++)
    for (volatile int j = i; j < 12; j++)
      for (volatile int k = 0; k <= j - i; k++) triangle += i ^ k;
  CHECK_EQ(nested_triangle(HIDE(12)), triangle);
  CHECK_EQ(quadratic(HIDE(46340)), 46340 * 46340);
  CHECK_EQ(cubic(HIDE(1000u)), (uint32_t)(499500ull * 499500ull));
  CHECK(last_index("hidden in plain sight", HIDE('i')) == 17 && last_index("", 'i') == -1);
  CHECK_EQ(near_limit(), 3);
  CHECK_EQ(big_steps(HIDE(0x4000000000000000ull)), 3);
  char text[50];
  CHECK_EQ(pointer_walk(text, text + 50, HIDE(7)) - text, 49);
  printf("%ld %ld %u\n", three_in_step(10), triangle, narrow_counter(100));
  return verdict();
}
