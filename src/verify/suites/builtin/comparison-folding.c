// Aims at: combined comparisons (ranges, and/or of icmps, xor tricks) folded, at every boundary.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static int letter(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
NOINLINE static int space(int c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}
NOINLINE static int outside(int x, int low, int high) { return x < low || x > high; }
NOINLINE static int two_values(int x) { return x == 5 || x == 7; } // differ in one bit
NOINLINE static int two_far_values(int x) { return x == 5 || x == 8; }
NOINLINE static int opposite_signs(int a, int b) { return (a ^ b) < 0; }
NOINLINE static int both_negative(int a, int b) { return a < 0 && b < 0; }
NOINLINE static int any_negative(int a, int b) { return a < 0 || b < 0; }
NOINLINE static int both_zero(int a, int b) { return a == 0 && b == 0; }
NOINLINE static int offset_less(int x) { return (unsigned)x + 100u < 200u; }
// Promoted, so no overflow.
NOINLINE static int sub_compare(int8_t a, int8_t b) { return a - b > 0; }
NOINLINE static int wrap_compare(uint32_t a, uint32_t b) { return (int32_t)(a - b) > 0; }
NOINLINE static int mul_compare(int x) { return x * 4ll > 100; }
NOINLINE static int shift_compare(unsigned x) { return x >> 4 == 3; }
NOINLINE static int mask_compare(unsigned x) { return (x & 0xf0) == 0x30 || (x & 0xf0) == 0x70; }
NOINLINE static int sign_bit(int64_t x) { return (x & INT64_MIN) != 0; }
NOINLINE static int three_way(int a, int b) { return a < b ? -1 : a > b; }
NOINLINE static int use_three_way(int a, int b) {
  return three_way(a, b) <= 0 ? 3 : three_way(b, a) + 10;
}
NOINLINE static int less_or_equal_chain(int a, int b, int c) { return a <= b && b <= c && a <= c; }
NOINLINE static int contradiction(int x) { int low = x > 10, high = x < 10; return low && high; }
NOINLINE static int near_contradiction(int x) { return x > 10 && x < 12; }
NOINLINE static int tautology(unsigned x) { int low = x < 5, high = x >= 5; return low || high; }
NOINLINE static int max_edge(int x) { return x > INT_MAX - 1; }
NOINLINE static int unsigned_of_signed(int x) { return (unsigned)x > (unsigned)INT_MAX; }
NOINLINE static int pointer_range(const char *p, const char *from, const char *until) {
  return p >= from && p < until;
}

int main(void) {
  int letters = 0, spaces = 0, checksum = 0;
  for (int c = -300; c < 300; c++) {
    letters += letter(HIDE(c));
    spaces += space(HIDE(c));
    CHECK_EQ(two_values(HIDE(c)), c * c - 12 * c + 35 == 0);
    CHECK_EQ(two_far_values(HIDE(c)), c * c - 13 * c + 40 == 0);
    CHECK_EQ(offset_less(HIDE(c)), c / 100 == 0 || c == -100);
    CHECK_EQ(mul_compare(HIDE(c)), c / 26 >= 1);
    CHECK_EQ(near_contradiction(HIDE(c)), c == 11);
    if (c >= 0) CHECK_EQ(shift_compare((unsigned)HIDE(c)), c / 16 == 3);
    if (c >= 0) CHECK_EQ(mask_compare((unsigned)HIDE(c)), c / 16 % 16 == 3 || c / 16 % 16 == 7);
    checksum = checksum * 3 % 10007 + outside(c, -9, 200);
  }
  CHECK_EQ(letters, 52);
  CHECK_EQ(spaces, 6);

  static const int samples[] = {INT_MIN, INT_MIN + 1, -1, 0, 1, INT_MAX - 1, INT_MAX};
  for (int i = 0; i < 7; i++)
    for (int j = 0; j < 7; j++) {
      int a = HIDE(samples[i]), b = HIDE(samples[j]); // ascending, so order is that of i and j
      CHECK_EQ(opposite_signs(a, b), (i < 3) != (j < 3));
      CHECK_EQ(both_negative(a, b), i < 3 && j < 3);
      CHECK_EQ(any_negative(a, b), i < 3 || j < 3);
      CHECK_EQ(both_zero(a, b), i == 3 && j == 3);
      CHECK_EQ(three_way(a, b), (i > j) - (i < j));
      CHECK_EQ(use_three_way(a, b), i <= j ? 3 : 9);
      CHECK_EQ(less_or_equal_chain(a, 0, b), i <= 3 && j >= 3);
      CHECK_EQ(outside(a, b, 0), i < j || i > 3);
      CHECK_EQ(sign_bit(a), i < 3);
      CHECK_EQ(max_edge(a), i == 6);
      CHECK_EQ(unsigned_of_signed(a), i < 3);
      CHECK(!contradiction(a) && tautology((unsigned)a));
    }
  CHECK(sub_compare(HIDE((int8_t)127), -128) && !sub_compare(HIDE((int8_t)-128), 127));
  CHECK(wrap_compare(HIDE(1u), UINT_MAX) && !wrap_compare(UINT_MAX, HIDE(1u)));
  char text[8];
  CHECK(pointer_range(text, text, text + 8) && !pointer_range(text + HIDE(8), text, text + 8));
  printf("%d %d %d\n", letters, spaces, checksum);
  return verdict();
}
