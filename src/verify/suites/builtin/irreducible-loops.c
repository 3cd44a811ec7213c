// Aims at: goto into loops and between them: irreducible control flow, two entries, shared tails.
#include "check.h"
#include <stdint.h>

NOINLINE static int two_entries(int start, int n) { // the cycle a -> b -> a entered at either
  int sum = 0;
  if (start) goto b;
a:
  sum = sum * 2 + 1;
  if (--n <= 0) return sum;
b:
  sum = sum * 3 + 2;
  if (--n <= 0) return -sum;
  goto a;
}
NOINLINE static void copy(uint8_t *to, const uint8_t *from, int n) { // Duff's device
  int rounds = (n + 7) / 8;
  if (n <= 0) return;
  switch (n % 8) {
  case 0: do { *to++ = *from++; // fall through
  case 7: *to++ = *from++; // fall through
  case 6: *to++ = *from++; // fall through
  case 5: *to++ = *from++; // fall through
  case 4: *to++ = *from++; // fall through
  case 3: *to++ = *from++; // fall through
  case 2: *to++ = *from++; // fall through
  case 1: *to++ = *from++;
    } while (--rounds > 0);
  }
}
NOINLINE static int into_body(int x, int skip) {
  int i = 10;
  if (skip) goto inside;
  for (i = 0; i < x; i++) {
    x -= 1;
  inside:
    x += i & 1;
    if (x > 50) break;
  }
  return x * 100 + i;
}
NOINLINE static int three_cycle(unsigned seed, int n) { // three blocks, each reaches the other two
  unsigned h = seed;
  switch (seed % 3) { case 0: goto p; case 1: goto q; default: goto r; }
p:
  h = h * 5 + 1;
  if (n-- == 0) goto done;
  if (h & 4) goto r;
q:
  h ^= h >> 7;
  if (n-- == 0) goto done;
  if (h & 8) goto p;
r:
  h += 0x1234567;
  if (n-- == 0) goto done;
  if (h & 16) goto q;
  goto p;
done:
  return (int)(h % 1000003);
}
static int three_cycle_model(unsigned seed, int n) {
  volatile int state = (int)(seed % 3);
  unsigned h = seed;
  for (;;) {
    if (state == 0) h = h * 5 + 1;
    else if (state == 1) h ^= h >> 7;
    else h += 0x1234567;
    if (n-- == 0) return (int)(h % 1000003);
    state = state == 0 ? (h & 4 ? 2 : 1) : state == 1 ? (h & 8 ? 0 : 2) : (h & 16 ? 1 : 0);
  }
}
NOINLINE static int crossing(int n) { // two loops that jump into each other
  int a = 0, b = 0;
first:
  for (; a < n; a++) {
    if (a % 7 == 3) goto middle;
  back:
    b++;
  }
  return a * 1000 + b;
  for (; b < 1000; b++) {
    if (b % 5 == 0) { a++; goto first; }
  middle:
    if (b % 11 == 4) goto back;
    a += b & 1;
    if (a > n) goto first;
  }
  return -1;
}

int main(void) {
  for (int n = 1; n < 15; n++)
    for (int start = 0; start < 2; start++) {
      int sum = 0, left = n, at = start;
      for (;; at ^= 1) {
        sum = at ? sum * 3 + 2 : sum * 2 + 1;
        if (--left <= 0) break;
      }
      CHECK_EQ(two_entries(HIDE(start), HIDE(n)), at ? -sum : sum);
    }
  uint8_t from[70], to[71];
  for (int n = 0; n <= 70; n++) {
    for (int i = 0; i < 70; i++) from[i] = (uint8_t)(i * n + 1), to[i] = 0;
    to[70] = 9;
    copy(to, from, HIDE(n));
    for (int i = 0; i < 70; i++) CHECK_EQ(to[i], i < n ? from[i] : 0);
  }
  CHECK_EQ(into_body(HIDE(12), 0), 808);
  CHECK_EQ(into_body(HIDE(60), 1), 6010);
  int sum = 0;
  for (unsigned seed = 0; seed < 60; seed++) {
    int seen = three_cycle(HIDE(seed), (int)seed * 2);
    CHECK_EQ(seen, three_cycle_model(seed, (int)seed * 2));
    sum = (sum * 3 + seen) % 1000003;
  }
  int c = crossing(HIDE(40));
  printf("%d %d %d\n", sum, c, two_entries(1, 9));
  CHECK_EQ(c, 41045);
  return verdict();
}
