// Aims at: division and remainder by constants (magic multiplication), both signs, three widths.
#include "check.h"
#include <limits.h>
#include <stdint.h>

#define DIVISORS(X) X(1) X(2) X(3) X(5) X(6) X(7) X(9) X(10) X(11) X(12) X(16) X(25) X(60) X(100) \
  X(125) X(127) X(128) X(255) X(625) X(641) X(1000) X(3600) X(4096) X(10007) X(65537) X(86400) \
  X(1000000007) X(2147483647)

#define DEFINE(d) \
  NOINLINE static int32_t s##d(int32_t x) { return x / d * 3 ^ x % d; } \
  NOINLINE static int32_t n##d(int32_t x) { return x / -d * 3 ^ x % -d; } \
  NOINLINE static uint32_t u##d(uint32_t x) { return x / d * 3 ^ x % d; } \
  NOINLINE static int64_t w##d(int64_t x) { return x / d ^ x % d; } \
  NOINLINE static uint64_t v##d(uint64_t x) { return x / d ^ x % d; } \
  NOINLINE static int m##d(int32_t x) { return x % d == 0; } \
  NOINLINE static int z##d(uint64_t x) { return x % d == d - 1; }
DIVISORS(DEFINE)

static const struct {
  int32_t by;
  int32_t (*s)(int32_t), (*n)(int32_t);
  uint32_t (*u)(uint32_t);
  int64_t (*w)(int64_t);
  uint64_t (*v)(uint64_t);
  int (*m)(int32_t), (*z)(uint64_t);
} table[] = {
#define ROW(d) {d, s##d, n##d, u##d, w##d, v##d, m##d, z##d},
    DIVISORS(ROW)
};

// With the divisor hidden, a real division instruction gives the expected value.
static uint64_t try_all(int64_t x) {
  uint64_t sum = 0;
  for (unsigned t = 0; t < sizeof table / sizeof *table; t++) {
    int32_t d = HIDE(table[t].by);
    int32_t x32 = (int32_t)x;
    if (x32 / d <= INT_MAX / 3 && x32 / d >= INT_MIN / 3) {
      CHECK_EQ(table[t].s(x32), x32 / d * 3 ^ x32 % d);
      if (x32 != INT_MIN || d != 1) CHECK_EQ(table[t].n(x32), x32 / -d * 3 ^ x32 % -d);
    }
    CHECK_EQ(table[t].u((uint32_t)x), (uint32_t)x / (uint32_t)d * 3 ^ (uint32_t)x % (uint32_t)d);
    CHECK_EQ(table[t].w(x), x / d ^ x % d);
    CHECK_EQ(table[t].v((uint64_t)x), (uint64_t)x / (uint64_t)d ^ (uint64_t)x % (uint64_t)d);
    CHECK_EQ(table[t].m(x32), x32 - x32 / d * d == 0);
    CHECK_EQ(table[t].z((uint64_t)x), (uint64_t)x % (uint64_t)d == (uint64_t)d - 1);
    sum += table[t].v((uint64_t)x);
  }
  return sum;
}

int main(void) {
  static const int64_t edges[] = {0, 1, INT_MAX, INT_MIN, (int64_t)INT_MIN + 1, UINT_MAX, INT64_MAX,
                                  INT64_MIN, INT64_MIN + 1, 0x5555555555555555};
  uint64_t sum = 0;
  for (unsigned i = 0; i < sizeof edges / sizeof *edges; i++)
    sum += try_all(edges[i]) + try_all(-(edges[i] / 2)) * 3;
  for (unsigned t = 0; t < sizeof table / sizeof *table; t++)
    for (int64_t near = -1; near <= 1; near++)
      sum += try_all(table[t].by + near) + try_all(table[t].by * -2ll + near);
  uint64_t random = HIDE(88172645463325252ull);
  for (int i = 0; i < 100; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    sum = sum * 5 + try_all((int64_t)random);
  }
  CHECK_EQ(-7 / 2 * 10 + -7 % 2, -31);
  CHECK_EQ(s7(-700) ^ n7(-700), (-300) ^ 300);
  printf("%llx\n", (unsigned long long)sum);
  return verdict();
}
