// Aims at: trip counts of zero, one, few and many; peeling, unrolling remainders, rotation.
#include "check.h"
#include <limits.h>
#include <stdint.h>

NOINLINE static int last_is_special(const int *p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum = sum * 3 + (i == n - 1 ? -p[i] : p[i]);
  return sum;
}
NOINLINE static int first_is_special(const int *p, int n) {
  int previous = -1, sum = 0;
  for (int i = 0; i < n; i++) {
    if (previous >= 0) sum += p[i] - previous;
    else sum += 100;
    previous = p[i];
  }
  return sum;
}
NOINLINE static int alternates(int n) { // flips each round: peeled or unrolled by two
  int sign = 1, sum = 0;
  for (int i = 1; i <= n; i++, sign = -sign) sum += sign * i * i;
  return sum;
}
NOINLINE static int condition_until(const int *p, int n, int cut) { // split at i == cut
  int sum = 0;
  for (int i = 0; i < n; i++) {
    if (i < cut) sum += p[i];
    else sum -= p[i] * 2;
  }
  return sum;
}
NOINLINE static unsigned unroll_remainder(const uint8_t *p, unsigned n) {
  unsigned h = 17;
  for (unsigned i = 0; i < n; i++) h = h * 31 ^ p[i];
  return h;
}
NOINLINE static int constant_trip(const int *p) {
  int s = 0;
  for (int i = 0; i < 7; i++) s = s * 2 + p[i];
  return s;
}
NOINLINE static int fixed_nest(void) {
  int s = 0;
  for (int i = 0; i < 3; i++) for (int j = i; j < 4; j++) for (int k = j; k > i; k--) s =
      s * 2 % 997 + i * j + k;
  return s;
}
NOINLINE static int multiple_of_four(const int *p, int n) {
  int s = 0;
  n &= ~3;
  for (int i = 0; i < n; i++) s ^= p[i] << (i & 3);
  return s;
}
NOINLINE static int up_to_including(unsigned char limit) {
  int n = 0;
  for (unsigned i = 0; i <= limit; i++) n += (int)i;
  return n;
}
NOINLINE static int step_past(int from, int to, int step) {
  int n = 0;
  for (int64_t i = from; i < to; i += step) n++;
  return n;
}
NOINLINE static int rotated(const int *p) {
  int n = 0;
  while (*p) { n += *p++; if (*p == 0) n += 1000; }
  return n;
}
NOINLINE static int middle_test(int n) {
  int s = 0;
  for (;;) { s += n; if (n-- <= 0) break; s *= 2; s &= 0xffff; }
  return s;
}
NOINLINE static int unused_counter(const int *p, int n) {
  int m = INT_MIN;
  while (n-- > 0) { m = *p > m ? *p : m; p++; }
  return m;
}
NOINLINE static int inner_depends(int n) {
  int s = 0;
  for (int i = 0; i < n; i++) for (int j = 0; j < i % 3; j++) s = s * 3 % 1009 + i + j;
  return s;
}
NOINLINE static int empty_effects(int n, int *end) {
  int i;
  for (i = 0; i < n; i += 3) { } *end = i;
  return n;
}

int main(void) {
  int p[40], checksum = 0;
  uint8_t bytes[70];
  for (int i = 0; i < 40; i++) p[i] = (i * 13 + 5) % 29 + 1;
  for (int i = 0; i < 70; i++) bytes[i] = (uint8_t)(i * 37);
  for (int n = -1; n <= 20; n++) {
    int last = 0, first = 0, alternating = 0, until = 0, masked = 0, most = INT_MIN, middle = 0,
        depends = 0;
    for (volatile int i = 0; i < n; i++) {
      if (n <= 15) last = last * 3 + (i + 1 == n ? -p[i] : p[i]);
      first += i ? p[i] - p[i - 1] : 100;
      alternating += (i + 1) * (i + 1) * (i % 2 ? -1 : 1);
      until += i < 6 ? p[i] : -2 * p[i];
      if (i < n / 4 * 4) masked ^= p[i] << i % 4;
      if (p[i] > most) most = p[i];
      for (volatile int j = 0; j < i % 3; j++) depends = depends * 3 % 1009 + i + j;
    }
    for (volatile int m = n; ; m--) { middle += m; if (m <= 0) break; middle = middle * 2 & 0xffff;
        }
    int h = HIDE(n), end;
    if (n <= 15) CHECK_EQ(last_is_special(p, h), last);
    CHECK_EQ(first_is_special(p, h), first);
    CHECK_EQ(alternates(h), alternating);
    CHECK_EQ(condition_until(p, h, HIDE(6)), until);
    if (n >= 0) CHECK_EQ(multiple_of_four(p, h), masked);
    CHECK_EQ(unused_counter(p, h), most);
    CHECK_EQ(middle_test(h), middle);
    CHECK_EQ(inner_depends(h), depends);
    CHECK(empty_effects(h, &end) == n && end == (n <= 0 ? 0 : (n + 2) / 3 * 3));
    checksum = checksum * 7 % 100003 + alternating + depends;
  }
  for (unsigned n = 0; n <= 70; n++) {
    unsigned h = 17;
    for (volatile unsigned i = 0; i < n; i++) h = h * 31 ^ bytes[i];
    CHECK_EQ(unroll_remainder(bytes, HIDE(n)), h);
  }
  CHECK_EQ(constant_trip(p), p[0] * 64 + p[1] * 32 + p[2] * 16 + p[3] * 8 + p[4] * 4 + p[5] * 2 +
      p[6]);
  int nest = 0;
  for (volatile int i = 0; i < 3; i++) for (volatile int j = i; j < 4; j++) for (volatile int k =
      j; k > i; k--) nest = nest * 2 % 997 + i * j + k;
  CHECK_EQ(fixed_nest(), nest);
  CHECK(up_to_including(HIDE((unsigned char)255)) == 32640
      && up_to_including(HIDE((unsigned char)0)) == 0);
  CHECK(step_past(HIDE(INT_MIN), INT_MAX, 1 << 28) == 16 && step_past(HIDE(5), 5, 1) == 0
      && step_past(HIDE(0), 10, 4) == 3);
  const int list[] = {3, 4, 5, 0}, *empty = list + 3;
  CHECK(rotated(HIDE(&list[0])) == 1012 && rotated(HIDE(empty)) == 0);
  printf("%d %d\n", checksum, nest);
  return verdict();
}
