// A tokenizer and a recursive-descent evaluator: switches, recursion, global state.
#include <ctype.h>

enum kind { END, NUMBER, PLUS, MINUS, TIMES, DIVIDE, OPEN, CLOSE, BAD };
static const char *at;
static long value;
static enum kind token;
int error_count;

static void advance(void) {
  while (isspace((unsigned char)*at)) at++;
  switch (*at) {
    case 0: token = END; return;
    case '+': token = PLUS; break;
    case '-': token = MINUS; break;
    case '*': token = TIMES; break;
    case '/': token = DIVIDE; break;
    case '(': token = OPEN; break;
    case ')': token = CLOSE; break;
    default:
      if (!isdigit((unsigned char)*at)) { token = BAD; error_count++; break; }
      for (value = 0; isdigit((unsigned char)*at); at++) value = value * 10 + (*at - '0');
      token = NUMBER;
      return;
  }
  at++;
}

static long sum(void);

static long factor(void) {
  long result = 0;
  if (token == MINUS) { advance(); return -factor(); }
  if (token == NUMBER) { result = value; advance(); return result; }
  if (token == OPEN) {
    advance();
    result = sum();
    if (token != CLOSE) error_count++;
    advance();
    return result;
  }
  error_count++;
  advance();
  return 0;
}

static long product(void) {
  long result = factor();
  while (token == TIMES || token == DIVIDE) {
    enum kind op = token;
    advance();
    long right = factor();
    if (op == TIMES) result *= right;
    else if (right == 0) error_count++;
    else result /= right;
  }
  return result;
}

static long sum(void) {
  long result = product();
  while (token == PLUS || token == MINUS) {
    enum kind op = token;
    advance();
    long right = product();
    result = op == PLUS ? result + right : result - right;
  }
  return result;
}

long evaluate(const char *text) {
  at = text;
  error_count = 0;
  advance();
  long result = sum();
  if (token != END) error_count++;
  return result;
}
