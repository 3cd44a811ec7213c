// Aims at: a parser with error recovery by longjmp: noreturn calls, handler stack.
#include "check.h"
#include <ctype.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct handler { jmp_buf where; struct handler *outer; };
static struct handler *top;
static const char *message;
static int live_nodes;

_Noreturn NOINLINE static void fail(const char *why) {
  message = why;
  struct handler *h = top;
  top = h->outer;
  longjmp(h->where, 1);
}

struct node { char op; int value; struct node *left, *right; };
struct parser { const char *at; struct node *made[32]; int count; };

NOINLINE static struct node *make(struct parser *p, char op, int value) {
  if (p->count == 32) fail("too many nodes");
  struct node *n = calloc(1, sizeof *n);
  if (!n) fail("no memory");
  live_nodes++;
  n->op = op;
  n->value = value;
  return p->made[p->count++] = n;
}
static struct node *expression(struct parser *p);
static struct node *factor(struct parser *p) {
  if (isdigit((unsigned char)*p->at)) {
    int v = 0;
    while (isdigit((unsigned char)*p->at)) v = v * 10 + (*p->at++ - '0');
    return make(p, 'n', v);
  }
  if (*p->at != '(') fail("number expected");
  p->at++;
  struct node *inside = expression(p);
  if (*p->at != ')') fail("unbalanced");
  p->at++;
  return inside;
}
static struct node *chain(struct parser *p, const char *ops,
    struct node *(*next)(struct parser *)) {
  struct node *left = next(p);
  while (*p->at && strchr(ops, *p->at)) {
    struct node *n = make(p, *p->at++, 0);
    n->left = left;
    n->right = next(p);
    left = n;
  }
  return left;
}
static struct node *term(struct parser *p) { return chain(p, "*/", factor); }
static struct node *expression(struct parser *p) { return chain(p, "+-", term); }
NOINLINE static int evaluate(const struct node *n) {
  if (n->op == 'n') return n->value;
  int a = evaluate(n->left), b = evaluate(n->right);
  switch (n->op) {
  case '+': return a + b;
  case '-': return a - b;
  case '*': return a * b;
  default: if (b == 0) fail("division by zero"); return a / b;
  }
}
NOINLINE static int calculate(const char *text, int *ok) {
  struct parser parser = {text, {0}, 0}, *volatile p = &parser;
  struct handler here;
  volatile int result = -1;
  here.outer = top;
  top = &here;
  *ok = 0;
  if (setjmp(here.where) == 0) {
    struct node *tree = expression(p);
    if (*p->at) fail("trailing text");
    result = evaluate(tree);
    *ok = 1;
    top = here.outer;
  }
  for (int i = 0; i < p->count; i++) free(p->made[i]), live_nodes--;
  return result;
}

int main(void) {
  static const struct { const char *text, *error; int value; } cases[] = {
      {"1+2*3", 0, 7}, {"(1+2)*3", 0, 9}, {"100/7/2", 0, 7}, {"2*(3-(4-5))", 0, 8},
          {"10-4-3", 0, 3},
      {"", "number expected", -1}, {"(1+2", "unbalanced", -1}, {"1+2)", "trailing text", -1},
      {"8/(4-2*2)", "division by zero", -1}, {"((((7))))", 0, 7}, {"1+x", "number expected", -1},
      {"1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1", "too many nodes", -1}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    int ok = -1;
    message = "none";
    CHECK_EQ(calculate(cases[i].text, &ok), cases[i].value);
    CHECK_EQ(ok, cases[i].error == 0);
    if (cases[i].error) CHECK(strcmp(message, cases[i].error) == 0);
    CHECK(live_nodes == 0 && top == NULL);
    printf("%s: %s\n", cases[i].text, message);
  }
  return verdict();
}
