// Aims at: dense switches: jump tables with holes, negative bases, ranges.
#include "check.h"
#include <limits.h>

enum color { RED, GREEN, BLUE, CYAN, MAGENTA, YELLOW, KEY };
static int trail;
NOINLINE static void step(int v) { trail = (trail * 7 + v) % 100003; }

NOINLINE static int dense(int x) {
  switch (x) {
  case -3: step(1); return 11;
  case -2: step(2); return 22;
  case -1: step(3); return 3;
  case 0: step(9); return -4;
  case 1: step(5); return 5;
  case 3: step(6); return 66; // 2 is a hole
  case 4: step(7); return 7;
  case 5: step(8); return 88;
  default: return 0;
  }
}
NOINLINE static int fall_through(int x) {
  int r = 0;
  switch (x) {
  case 6: r += 100000; // fall through
  case 5: r += 20000;  // fall through
  default: r += 3000;  // fall through
  case 3: r += 400;    // fall through
  case 2: r += 50; break;
  case 1: r += 6;      // fall through
  case 0: r += 7;
  }
  return r;
}
NOINLINE static int ranges(unsigned char c) {
  switch (c) {
  case '0' ... '9': return 1;
  case 'a' ... 'f': return 2;
  case 'A' ... 'F': return 3;
  case '_': return 4;
  case 0x80 ... 0xff: return 5;
  }
  return 0;
}
NOINLINE static int on_enum(enum color c) {
  switch (c) {
  case RED: return dense(0);
  case GREEN: return dense(1);
  case BLUE: return dense(-1);
  case CYAN: step(40); return 40;
  case MAGENTA: step(41); return 40;
  case YELLOW: step(40); return 40; // the same as CYAN
  case KEY: break;
  }
  return -1;
}
NOINLINE static int at_the_limit(int x) {
  switch (x) {
  case INT_MIN: return 1;
  case INT_MIN + 1: return 2;
  case INT_MIN + 2: return 3;
  case INT_MIN + 3: return 5;
  case INT_MAX: return 7;
  case INT_MAX - 1: return 11;
  default: return 0;
  }
}
NOINLINE static int nested(int x, int y) {
  switch (x) {
  case 0: switch (y) { case 0: return 1; case 1: return 2; case 2: return 4; case 3: return 8;
      default: break; } break;
  case 1: return y > 2 ? 16 : 32;
  case 2: switch (y) { default: return 64; case 3: break; } break;
  case 3: switch (x + y) { case 3: return 128; case 4: return 256; case 5: return 512;
      case 6: return 1024; case 7: return 2; }
  }
  return -x * 10 - y;
}
NOINLINE static int in_loop(const char *s) { // break leaves the switch, continue the round
  int n = 0;
  for (; *s; s++) {
    switch (*s) {
    case 'a': n += 1; break;
    case 'b': n *= 2; continue;
    case 'c': if (n > 20) return n; break;
    case 'd': n -= 3; // fall through
    case 'e': s += s[1] != 0; break;
    default: continue;
    }
    n += 10;
  }
  return -n;
}

int main(void) {
  const int wanted[] = {0, 11, 22, 3, -4, 5, 0, 66, 7, 88, 0, 0};
  for (int x = -4; x < 8; x++) CHECK_EQ(dense(HIDE(x)), wanted[x + 4]);
  CHECK(dense(HIDE(INT_MAX)) == 0 && dense(HIDE(INT_MIN)) == 0 && dense(-3) == 11);
  const int falls[] = {7, 13, 50, 450, 3450, 23450, 123450, 3450};
  for (int x = 0; x < 8; x++) CHECK_EQ(fall_through(HIDE(x)), falls[x]);
  int counts[6] = {0};
  for (int c = 0; c < 256; c++) counts[ranges(HIDE((unsigned char)c))]++;
  CHECK(counts[1] == 10 && counts[2] == 6 && counts[3] == 6 && counts[4] == 1 && counts[5] == 128);
  int sum = 0;
  for (int c = RED; c <= KEY; c++) sum = sum * 3 + on_enum((enum color)HIDE(c));
  CHECK_EQ(sum, ((((((-4 * 3 + 5) * 3 + 3) * 3 + 40) * 3 + 40) * 3 + 40) * 3) - 1);
  CHECK(at_the_limit(HIDE(INT_MIN)) * at_the_limit(INT_MIN +
      HIDE(3)) * at_the_limit(HIDE(INT_MAX)) == 35);
  CHECK(at_the_limit(INT_MAX - HIDE(1)) == 11 && at_the_limit(INT_MIN + HIDE(4)) == 0
      && at_the_limit(HIDE(0)) == 0);
  int total = 0;
  for (int x = -1; x < 5; x++) for (int y = -1; y < 5; y++) total += nested(HIDE(x), HIDE(y));
  CHECK_EQ(total, 1 + 2 + 4 + 8 + 32 * 4 + 16 * 2 + 64 * 5 + 128 + 256 + 512 + 1024 + 2
           + (60 - 9) + (1 - 4) + (-20 - 3) + (-30 + 1) + (-240 - 9));
  CHECK_EQ(in_loop(HIDE((const char *)"aabzca")), 44);
  CHECK_EQ(in_loop(HIDE((const char *)"aedbda")), -49);
  printf("%d %d %d\n", trail, total, sum);
  return verdict();
}
