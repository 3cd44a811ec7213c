// Aims at: a register machine with calls, memory and a big switch.
#include "check.h"
#include <stdint.h>
#include <string.h>

enum op { HALT, LOAD, MOVE, ADD, SUB, MUL, DIV, AND, SHL, LESS, JUMP, JUMP_IF, CALL, RETURN, GET,
    PUT, OUT };
#define I(op, a, b, c) {op, a, b, c}
struct instruction { uint8_t op, a, b; int16_t c; };
enum stop { FINE, BAD_OP, DIVIDED_BY_ZERO, STACK_FULL, OUT_OF_MEMORY, TOO_LONG };
struct machine { int32_t r[8], memory[64]; const struct instruction *calls[12];
    int32_t saved[12][8]; int depth; char out[64]; int n; };

NOINLINE static enum stop run(struct machine *m, const struct instruction *code, int limit) {
  const struct instruction *pc = code;
  while (limit-- > 0) {
    struct instruction i = *pc++;
    int32_t *a = &m->r[i.a & 7], b = m->r[i.b & 7];
    switch ((enum op)i.op) {
    case HALT: return FINE;
    case LOAD: *a = i.c; break;
    case MOVE: *a = b + i.c; break;
    case ADD: *a = (int32_t)((uint32_t)b + (uint32_t)m->r[i.c & 7]); break;
    case SUB: *a = (int32_t)((uint32_t)b - (uint32_t)m->r[i.c & 7]); break;
    case MUL: *a = (int32_t)((uint32_t)b * (uint32_t)m->r[i.c & 7]); break;
    case DIV:
      if (m->r[i.c & 7] == 0) return DIVIDED_BY_ZERO;
      *a = b / m->r[i.c & 7];
      break;
    case AND: *a = b & i.c; break;
    case SHL: *a = (int32_t)((uint32_t)b << (i.c & 31)); break;
    case LESS: *a = b < m->r[i.c & 7]; break;
    case JUMP: pc += i.c; break;
    case JUMP_IF: if (*a) pc += i.c; break;
    case CALL:
      if (m->depth == 12) return STACK_FULL;
      memcpy(m->saved[m->depth], m->r, sizeof m->r);
      m->calls[m->depth++] = pc;
      pc = code + i.c;
      break;
    case RETURN: { // register 0 carries the result
      if (m->depth == 0) return FINE;
      int32_t result = *a;
      m->depth--;
      memcpy(m->r, m->saved[m->depth], sizeof m->r);
      m->r[0] = result;
      pc = m->calls[m->depth];
      break;
    }
    case GET:
      if ((uint32_t)(b + i.c) >= 64) return OUT_OF_MEMORY;
      *a = m->memory[b + i.c];
      break;
    case PUT:
      if ((uint32_t)(b + i.c) >= 64) return OUT_OF_MEMORY;
      m->memory[b + i.c] = *a;
      break;
    case OUT: if (m->n < 63) m->out[m->n++] = (char)*a; break;
    default: return BAD_OP;
    }
  }
  return TOO_LONG;
}

static const struct instruction factorial[] = { // r1 -> r0
    I(LOAD, 2, 0, 2), I(LESS, 3, 1, 2), I(JUMP_IF, 3, 0, 4), I(MOVE, 4, 1, 0), I(MOVE, 1, 1, -1),
        I(CALL, 0, 0, 0),
    I(JUMP, 0, 0, 2), I(LOAD, 0, 0, 1), I(RETURN, 0, 0, 0), I(MUL, 0, 0, 4), I(RETURN, 0, 0, 0)};
static const struct instruction sieve[] = { // primes below 64: memory 0, others 1
    I(LOAD, 1, 0, 2), I(LOAD, 7, 0, 64), I(LOAD, 6, 0, 1), // 0-2
    I(LESS, 2, 1, 7), I(JUMP_IF, 2, 0, 1), I(HALT, 0, 0, 0), I(ADD, 3, 1, 1), // 3-6: r3 = 2 * r1
    I(LESS, 2, 3, 7), I(JUMP_IF, 2, 0, 1), I(JUMP, 0, 0, 3), // 7-9
    // 10-14.
    I(PUT, 6, 3, 0), I(ADD, 3, 3, 1), I(JUMP, 0, 0, -6), I(MOVE, 1, 1, 1), I(JUMP, 0, 0, -12)};
static const struct instruction decimal[] = { // prints r1 in reverse
    I(LOAD, 2, 0, 10), I(DIV, 3, 1, 2), I(MUL, 4, 3, 2), I(SUB, 4, 1, 4), I(MOVE, 4, 4, '0'),
        I(OUT, 4, 0, 0),
    I(MOVE, 1, 3, 0), I(JUMP_IF, 1, 0, -7), I(HALT, 0, 0, 0)};

int main(void) {
  struct machine m;
  int32_t wanted = 1;
  for (int n = 1; n <= 12; n++) {
    memset(&m, 0, sizeof m);
    m.r[1] = HIDE(n);
    wanted *= n;
    CHECK_EQ(run(&m, factorial, 1000), FINE);
    CHECK_EQ(m.r[0], wanted);
  }
  memset(&m, 0, sizeof m);
  m.r[1] = HIDE(14);
  CHECK_EQ(run(&m, factorial, 1000), STACK_FULL);
  memset(&m, 0, sizeof m);
  CHECK_EQ(run(&m, sieve, 10000), FINE);
  int primes = 0, sum = 0;
  for (int i = 2; i < 64; i++) if (!m.memory[i]) primes++, sum += i;
  CHECK(primes == 18 && sum == 501);
  m.r[1] = HIDE(1234567890);
  CHECK(run(&m, decimal, 1000) == FINE && strcmp(m.out, "0987654321") == 0);
  const struct instruction zero[] = {I(LOAD, 1, 0, 5), I(DIV, 0, 1, 2), I(HALT, 0, 0, 0)}, far[] =
      {I(PUT, 0, 0, -1), I(HALT, 0, 0, 0)};
  const struct instruction endless[] = {I(MOVE, 5, 5, 1), I(JUMP, 0, 0, -2)}, bad[] =
      {I(AND, 1, 1, 6), I(SHL, 1, 1, 4), I(200, 0, 0, 0)};
  memset(&m, 0, sizeof m);
  m.r[1] = 15;
  CHECK(run(&m, bad, 10) == BAD_OP && m.r[1] == 96);
  CHECK(run(&m, far, 10) == OUT_OF_MEMORY && run(&m, zero, 10) == DIVIDED_BY_ZERO && m.r[1] == 5);
  CHECK(run(&m, endless, 1001) == TOO_LONG && m.r[5] == 501);
  printf("%d %d %s\n", wanted, sum, "0987654321");
  return verdict();
}
