// Aims at: sparse and 64-bit switches: binary search trees, bit tests, hashing by hand.
#include "check.h"
#include <stdint.h>
#include <string.h>

NOINLINE static int sparse(int x) {
  switch (x) {
  case -1000000: return 1;
  case -77: return 2;
  case 0: return 3;
  case 12: return 4;
  case 13: return 5;
  case 900: return 6;
  case 901: return 7;
  case 65536: return 8;
  case 2147483647: return 9;
  default: return 0;
  }
}
NOINLINE static int wide(int64_t x) {
  switch (x) {
  case -1: return 1;
  case 0xffffffff: return 2;            // -1 when cut to 32 bits
  case 0x100000000: return 3;           // 0 when cut
  case 0: return 4;
  case 0x100000005: return 5;
  case 5: return 6;
  case INT64_MAX: return 7;
  case INT64_MIN: return 8;
  case 0x123456789abcdef: return 9;
  }
  return 0;
}
NOINLINE static int unsigned_wide(uint64_t x) {
  switch (x) {
  case 0xffffffffffffffff: return 1;
  case 0x8000000000000000: return 2;
  case 0x7fffffffffffffff: return 3;
  case 1: return 4;
  default: return x > 0x8000000000000000 ? 5 : 6;
  }
}
NOINLINE static int bit_test(unsigned c) { // a mask of one word
  switch (c) {
  case 1: case 4: case 9: case 16: case 25: case 36: case 49: return 1;
  case 2: case 3: case 5: case 7: case 11: case 13: case 17: case 61: case 62: return 2;
  case 63: return 3;
  default: return 0;
  }
}
NOINLINE static int clusters(int x) {
  switch (x) {
  case 10: case 11: case 12: case 13: return x - 10;
  case 1000: case 1001: case 1003: case 1004: return x / 100;
  case 100000: case 100001: case 100002: return 77;
  case -500: case -499: case -498: case -497: case -496: return -x;
  default: return x & 1 ? -1 : -2;
  }
}
NOINLINE static int by_hash(const char *word) { // as a generated keyword table does
  uint32_t h = 5381;
  for (const char *p = word; *p; p++) h = h * 33 ^ (uint8_t)*p;
  switch (h) {
  case 0x596f2a: return strcmp(word, "if") ? -1 : 1;
  case 0x7c6b8f5a: return strcmp(word, "else") ? -1 : 2;
  case 0xb66c65a: return strcmp(word, "while") ? -1 : 3;
  case 0x7e985a8f: return strcmp(word, "return") ? -1 : 4;
  }
  return 0;
}
NOINLINE static int shifted(unsigned x) { // all cases multiples of 16, plus 3
  switch (x) {
  case 3: return 9;
  case 19: return 8;
  case 35: return 4;
  case 51: return 2;
  case 67: return 6;
  case 83: return 1;
  default: return 0;
  }
}
int main(void) {
  const int keys[] = {-1000000, -77, 0, 12, 13, 900, 901, 65536, 2147483647};
  for (int i = 0; i < 9; i++) {
    CHECK_EQ(sparse(HIDE(keys[i])), i + 1);
    if (i != 8 && i != 3 && i != 5) CHECK_EQ(sparse(HIDE(keys[i]) + 1), 0);
    CHECK_EQ(sparse(HIDE(keys[i]) - 1), i == 4 || i == 6 ? i : 0);
  }
  const int64_t wides[] = {-1, 0xffffffff, 0x100000000, 0, 0x100000005, 5, INT64_MAX, INT64_MIN,
      0x123456789abcdef};
  for (int i = 0; i < 9; i++) CHECK_EQ(wide(HIDE(wides[i])), i + 1);
  CHECK(wide(HIDE(0x200000000)) == 0 && wide(HIDE(0x200000005)) == 0
      && wide(HIDE(0x89abcdef)) == 0);
  CHECK(unsigned_wide(UINT64_MAX - HIDE(0u)) == 1 && unsigned_wide(HIDE(1ull << 63)) == 2);
  CHECK(unsigned_wide(INT64_MAX) == 3 && unsigned_wide(HIDE((1ull << 63) + 1)) == 5
      && unsigned_wide(HIDE(0ull)) == 6);
  int sum = 0;
  for (unsigned c = 0; c < 200; c++) {
    int square = 0, listed = 0;
    for (unsigned r = 1; r < 8; r++) square |= r * r == c;
    for (const char *p = "\2\3\5\7\13\15\21\75\76"; *p; p++) listed |= (unsigned)*p == c;
    CHECK_EQ(bit_test(HIDE(c)), square ? 1 : listed ? 2 : c == 63 ? 3 : 0);
    CHECK_EQ(shifted(HIDE(c)), c % 16 == 3 && c < 99 ? "984261"[c / 16] - '0' : 0);
    sum = sum * 5 % 10007 + clusters(HIDE((int)c) + 900);
  }
  CHECK(bit_test(HIDE(64u + 1)) == 0 && bit_test(HIDE(0xffffffffu)) == 0
      && shifted(HIDE(0x80000003u)) == 0);
  const int xs[] = {9, 10, 13, 14, 1001, 1002, 1003, 100002, 100003, -496, -495, -500, -502};
  const int ys[] = {-1, 0, 3, -2, 10, -2, 10, 77, -1, 496, -1, 500, -2};
  for (int i = 0; i < 13; i++) CHECK_EQ(clusters(HIDE(xs[i])), ys[i]);
  const char *words[] = {"if", "else", "while", "return", "returns", "", "fi"};
  for (int i = 0; i < 7; i++) CHECK_EQ(by_hash(HIDE(words[i])), i < 4 ? i + 1 : 0);
  printf("%d\n", sum);
  return verdict();
}
