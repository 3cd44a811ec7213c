// Aims at: stores that look overwritten, but are read by a call, a branch or after a longjmp.
#include "check.h"
#include <setjmp.h>
#include <string.h>

static int trace[16], traced;
static int global_state = 1;
static jmp_buf away;

NOINLINE static void note_state(void) { trace[traced++] = global_state; }

NOINLINE static void store_read_by_call(void) {
  global_state = 2;
  note_state();
  global_state = 3;
  note_state();
  global_state = 3; // the same value again: really dead
  global_state = 4;
}

NOINLINE static void store_before_jump(int leave) {
  global_state = 50;
  if (leave) longjmp(away, 1);
  global_state = 60;
}

struct record { char name[12]; int size; long stamp; };

NOINLINE static int partly_overwritten(struct record *r, int how) {
  memset(r, 0x11, sizeof *r);
  r->size = how;
  if (how & 1) strcpy(r->name, "odd");
  else memset(r->name, 0, 4);
  return (r->name[5] == 0x11) + 2 * (r->stamp == 0x1111111111111111l) + 4 * (r->size == how);
}

NOINLINE static long overwritten_in_loop(long *slot, int rounds) {
  *slot = -1;
  for (int i = 0; i < rounds; i++) *slot = i;
  return *slot; // -1 with no rounds
}

NOINLINE static void fill(char *to, char with, int from, int until) {
  for (int i = from; i < until; i++) to[i] = with;
}

NOINLINE static int shortened(char *to) { // overlapping fills: the tail of the first must live
  memset(to, 'a', 32);
  memset(to, 'b', 20);
  memset(to + 8, 'c', 4);
  fill(to, 'd', 30, 32);
  int counts[4] = {0};
  for (int i = 0; i < 32; i++) counts[to[i] - 'a']++;
  return counts[0] * 1000000 + counts[1] * 10000 + counts[2] * 100 + counts[3];
}

NOINLINE static int conditional(int *p, int c) {
  *p = 7;
  if (c) { int old = *p; *p = old + 1; }
  else *p = 9;
  return *p;
}

int main(void) {
  store_read_by_call();
  note_state();
  CHECK(traced == 3 && trace[0] == 2 && trace[1] == 3 && trace[2] == 4);

  if (setjmp(away) == 0) store_before_jump(HIDE(1));
  CHECK_EQ(global_state, 50);
  store_before_jump(HIDE(0));
  CHECK_EQ(global_state, 60);

  struct record r;
  CHECK_EQ(partly_overwritten(&r, HIDE(3)), 7);
  CHECK(strcmp(r.name, "odd") == 0 && r.name[4] == 0x11);
  CHECK_EQ(partly_overwritten(&r, HIDE(4)), 7);
  CHECK(r.name[0] == 0 && r.name[3] == 0 && r.name[4] == 0x11);

  long slot;
  CHECK_EQ(overwritten_in_loop(&slot, HIDE(0)), -1);
  CHECK_EQ(overwritten_in_loop(&slot, HIDE(9)), 8);
  char text[32];
  CHECK_EQ(shortened(text), 10160402);
  int cell;
  CHECK(conditional(&cell, HIDE(1)) == 8 && conditional(&cell, HIDE(0)) == 9);
  printf("%d %d %.4s\n", trace[0] + trace[1] + trace[2], global_state, text + 6);
  return verdict();
}
