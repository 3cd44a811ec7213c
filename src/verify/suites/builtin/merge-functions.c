// Aims at: function merging: nearly identical functions differing in one constant, type or callee.
#include "check.h"
#include <stdint.h>

static int table_a[4] = {1, 2, 3, 4}, table_b[4] = {5, 6, 7, 8};

// Identical but for the constant, the width, the signedness, the table, the callee, the order.
#define BODY(name, type, constant, table, callee, op) \
  NOINLINE static long name(type x, int i) { \
    type y = (type)(x * 3 + constant); \
    if (y op (type)20) y = (type)(y - table[i & 3]); \
    for (int k = 0; k < 3; k++) y = (type)(callee(y) + k); \
    return (long)y; \
  }
NOINLINE static int64_t inc(int64_t v) { return v + 1; }
NOINLINE static int64_t dec(int64_t v) { return v - 1; }
BODY(base, int32_t, 7, table_a, inc, <)
BODY(twin, int32_t, 7, table_a, inc, <)
BODY(other_constant, int32_t, 8, table_a, inc, <)
BODY(other_table, int32_t, 7, table_b, inc, <)
BODY(other_callee, int32_t, 7, table_a, dec, <)
BODY(other_order, int32_t, 7, table_a, inc, <=)
BODY(other_sign, uint32_t, 7, table_a, inc, <)
BODY(other_width, int64_t, 7, table_a, inc, <)
BODY(narrow, int8_t, 7, table_a, inc, <)
BODY(narrow_unsigned, uint8_t, 7, table_a, inc, <)

// Same instructions, other types behind the pointers or other flags.
NOINLINE static float get_float(const float *p) { return p[1]; }
NOINLINE static int32_t get_int(const int32_t *p) { return p[1]; }
NOINLINE static uint32_t get_unsigned(const uint32_t *p) { return p[1]; }
NOINLINE static int volatile_get(const volatile int32_t *p) { return p[1]; }
NOINLINE static int32_t div_exact(int32_t x) { return x / 4 * 4 == x ? x / 4 : 0; }
NOINLINE static int32_t div_round(int32_t x) { return x / 4 * 4 == x ? x / 4 : 1; }
NOINLINE static int32_t swapped_sub(int32_t a, int32_t b) { return b - a; }
NOINLINE static int32_t plain_sub(int32_t a, int32_t b) { return a - b; }
NOINLINE static void *identity(void *p) { return p; }
NOINLINE static long identity_long(long p) { return p; }
struct one { int a, b; };
struct two { int a, b; };
NOINLINE static int field_one(const struct one *s) { return s->a - s->b; }
NOINLINE static int field_two(const struct two *s) { return s->a - s->b; }
NOINLINE static int field_turned(const struct two *s) { return s->b - s->a; }
NOINLINE static int self_call(int n) { return n <= 0 ? 1 : n * self_call(n - 1) % 1009; }
NOINLINE static int self_twin(int n) { return n <= 0 ? 1 : n * self_twin(n - 1) % 1009; }
NOINLINE static int cross_twin(int n) { return n <= 0 ? 1 : n * self_call(n - 2) % 1009; }

typedef int subtract(int32_t, int32_t);
static subtract *const pair[2] = {plain_sub, swapped_sub};

int main(void) {
  long sum = 0;
  for (int x = -60; x < 60; x += 3) {
    int i = HIDE(x) & 7;
    int y = 3 * x + 7, m = i & 3;
    CHECK_EQ(base(x, i), (y < 20 ? y - m - 1 : y) + 6);
    CHECK_EQ(twin(x, i), base(x, i));
    CHECK_EQ(other_constant(x, i), (y + 1 < 20 ? y - m : y + 1) + 6);
    CHECK_EQ(other_table(x, i), (y < 20 ? y - m - 5 : y) + 6);
    CHECK_EQ(other_callee(x, i), (y < 20 ? y - m - 1 : y) - 3 + 3);
    CHECK_EQ(other_order(x, i), (y <= 20 ? y - m - 1 : y) + 6);
    CHECK_EQ(other_sign((uint32_t)x, i), (uint32_t)((y >= 0 && y < 20 ? y - m - 1 : y) + 6));
    CHECK_EQ(other_width(x, i), base(x, i));
    int8_t small = (int8_t)y;
    CHECK_EQ(narrow((int8_t)x, i), (int8_t)((small < 20 ? small - m - 1 : small) + 6));
    uint8_t byte = (uint8_t)y;
    CHECK_EQ(narrow_unsigned((uint8_t)x, i), (uint8_t)((byte < 20 ? byte - m - 1 : byte) + 6));
    CHECK_EQ(div_exact(x), x % 4 ? 0 : x / 4);
    CHECK_EQ(div_round(x), x % 4 ? 1 : x / 4);
    CHECK_EQ(pair[i & 1](x, 5), i & 1 ? 5 - x : x - 5);
    sum = sum * 3 % 1000003 + base(x, i) + other_table(x, i) + narrow_unsigned((uint8_t)x, i);
  }
  int32_t words[2] = {1, HIDE(-2)};
  float reals[2] = {1, HIDE(-2.5f)};
  CHECK(get_float(reals) == -2.5f && get_int(words) == -2
      && get_unsigned((uint32_t *)words) == 0xfffffffeu);
  CHECK(volatile_get(words) == -2 && identity(words) == words && identity_long(77) == 77);
  struct one a = {HIDE(9), 4};
  struct two b = {HIDE(3), 5};
  CHECK(field_one(&a) == 5 && field_two(&b) == -2 && field_turned(&b) == 2);
  for (int n = 0; n < 12; n++) CHECK(self_call(HIDE(n)) == self_twin(HIDE(n)));
  CHECK_EQ(cross_twin(HIDE(5)), 5 * 6);
  printf("%ld %d\n", sum, self_twin(11));
  return verdict();
}
