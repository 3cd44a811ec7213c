// Aims at: computed goto: label tables, label differences, addresses stored and compared.
#include "check.h"
#include <stdint.h>

// A stack machine with threaded code.
NOINLINE static int64_t run(const uint8_t *code, int64_t argument, int *steps) {
  static const void *const labels[] =
      {&&halt, &&push, &&add, &&mul, &&dup, &&swap, &&jump_if, &&decrement, &&over, &&drop};
  int64_t stack[16], *sp = stack;
  *sp = argument;
  int n = 0;
#define NEXT do { n++; goto *labels[*code++]; } while (0)
  NEXT;
push: *++sp = *code++; NEXT;
add: sp--; *sp = (int64_t)((uint64_t)sp[0] + (uint64_t)sp[1]); NEXT;
mul: sp--; *sp = (int64_t)((uint64_t)sp[0] * (uint64_t)sp[1]); NEXT;
dup: sp[1] = sp[0]; sp++; NEXT;
swap: { int64_t t = sp[0]; sp[0] = sp[-1]; sp[-1] = t; } NEXT;
jump_if: { int8_t by = (int8_t)*code++; if (*sp != 0) code += by; } NEXT;
decrement: --*sp; NEXT;
over: sp[1] = sp[-1]; sp++; NEXT;
drop: sp--; NEXT;
halt:
  *steps = n;
  return *sp;
}

// Relative label tables, as position-independent interpreters use them.
NOINLINE static int relative(const char *s) {
  static const int offsets[] = {&&other - &&other, &&digit - &&other, &&end - &&other};
  int sum = 0;
next:;
  char c = *s++;
  goto *(&&other + offsets[c == 0 ? 2 : c >= '0' && c <= '9']);
other: sum = sum * 2 + 1; goto next;
digit: sum += c - '0'; goto next;
end: return sum;
}

// The continuation is chosen before the common code, which it returns to.
NOINLINE static int continuation(int n) {
  void *after = n & 1 ? &&odd : &&even;
  int x = 0;
common:
  x += n;
  if (x > 100) after = &&out;
  goto *after;
odd: after = &&even; x += 3; goto common;
even: after = n > 5 ? &&odd : &&out; x *= 2; goto common;
out: return x;
}

// Reached twice through one pointer that a loop changes.
NOINLINE static unsigned automaton(const char *s) {
  void *state = &&a;
  unsigned hash = 1;
  for (; *s; s++) {
    goto *state;
  a: hash = hash * 31 + 1; state = *s == 'x' ? &&b : &&a; continue;
  b: hash = hash * 37 + 2; state = *s == 'y' ? &&c : *s == 'x' ? &&b : &&a; continue;
  c: hash ^= hash >> 3; state = &&a;
  }
  return hash * 4 + (state == &&c ? 3 : state == &&b ? 2 : 1);
}

int main(void) {
  // n on top; computes n! : result n -> swap dup ... loop
  enum { HALT, PUSH, ADD, MUL, DUP, SWAP, JUMP_IF, DECREMENT, OVER, DROP };
  static const uint8_t factorial[] = {PUSH, 1, SWAP, /* acc n */ SWAP, OVER, MUL, SWAP, DECREMENT,
      JUMP_IF, (uint8_t)-7, DROP, HALT};
  int steps;
  int64_t wanted = 1;
  for (int n = 1; n <= 20; n++) {
    wanted *= n;
    CHECK_EQ(run(factorial, HIDE((int64_t)n), &steps), wanted);
    CHECK_EQ(steps, 4 + 6 * n);
  }
  static const uint8_t squares[] = {DUP, MUL, DUP, ADD, PUSH, 255, ADD, HALT};
  CHECK_EQ(run(squares, HIDE((int64_t)-9), &steps), 162 + 255);
  CHECK_EQ(relative(HIDE((const char *)"a1b22")), ((1 + 1) * 2 + 1) + 4);
  CHECK(relative(HIDE((const char *)"")) == 0 && relative("999") == 27);
  for (int n = -3; n < 20; n++) {
    int x = 0, after = n & 1;
    for (;;) { // the same with numbered states
      x += n;
      if (x > 100) after = 2;
      if (after == 2) break;
      if (after == 1) x += 3, after = 0;
      else x *= 2, after = n > 5 ? 1 : 2;
    }
    CHECK_EQ(continuation(HIDE(n)), x);
  }
  unsigned first = automaton(HIDE((const char *)"axxyzxyy")), second =
      automaton(HIDE((const char *)"xy"));
  CHECK_EQ(second % 4, 3);
  CHECK_EQ(second / 4, (31 + 1) * 37 + 2);
  CHECK_EQ(automaton(HIDE((const char *)"")), 5);
  printf("%lld %u %d\n", (long long)run(factorial, 15, &steps), first, relative("x9y"));
  return verdict();
}
