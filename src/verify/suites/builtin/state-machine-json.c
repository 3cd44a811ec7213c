// Aims at: a hand-written JSON reader: nested states, a stack of containers, numbers, escapes.
#include "check.h"
#include <stdint.h>
#include <string.h>

enum state { VALUE, AFTER, KEY, COLON, FIRST_VALUE, FIRST_KEY, DONE };
struct reader { const char *at, *start; int depth, strings, numbers, literals, deepest; double sum;
    uint32_t hash; char open[16]; };

static int blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
static int digit(char c) { return c >= '0' && c <= '9'; }
static int hex(char c) {
  return digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F'
      ? c - 'A' + 10 : -1;
}
static void mix(struct reader *r, unsigned v) { r->hash = (r->hash ^ v) * 16777619u; }

NOINLINE static int string(struct reader *r) {
  for (r->at++; *r->at != '"'; r->at++) {
    unsigned c = (unsigned char)*r->at;
    if (c < ' ') return 0;
    if (c == '\\') {
      c = (unsigned char)*++r->at;
      switch (c) {
      case 'n': c = '\n'; break;
      case 't': c = '\t'; break;
      case '"': case '\\': case '/': break;
      case 'u':
        c = 0;
        for (int i = 0; i < 4; i++) {
          int h = hex(*++r->at);
          if (h < 0) return 0;
          c = c << 4 | (unsigned)h;
        }
        break;
      default: return 0;
      }
    }
    mix(r, c);
  }
  r->at++;
  r->strings++;
  return 1;
}
NOINLINE static int number(struct reader *r) {
  double v = 0, scale = 1;
  int negative = *r->at == '-', exponent = 0, minus = 0;
  r->at += negative;
  if (!digit(*r->at)) return 0;
  if (*r->at == '0' && digit(r->at[1])) return 0;
  while (digit(*r->at)) v = v * 10 + (*r->at++ - '0');
  if (*r->at == '.') {
    if (!digit(*++r->at)) return 0;
    for (; digit(*r->at); scale *= 10) v = v * 10 + (*r->at++ - '0');
  }
  if (*r->at == 'e' || *r->at == 'E') {
    minus = *++r->at == '-';
    r->at += minus || *r->at == '+';
    if (!digit(*r->at)) return 0;
    while (digit(*r->at)) exponent = exponent * 10 + (*r->at++ - '0');
  }
  for (; exponent > 0; exponent--) { if (minus) scale *= 10; else v *= 10; }
  r->sum += (negative ? -v : v) / scale;
  r->numbers++;
  return 1;
}
NOINLINE static int literal(struct reader *r) {
  static const char *const words[] = {"true", "false", "null"};
  for (int i = 0; i < 3; i++) {
    size_t n = strlen(words[i]);
    if (strncmp(r->at, words[i], n) == 0) { r->at += n; r->literals += 1 << 2 * i; return 1; }
  }
  return 0;
}
// -1 when all is well, else the offset of the first wrong character.
NOINLINE static int parse(struct reader *r, const char *text) {
  enum state state = VALUE;
  memset(r, 0, sizeof *r);
  r->at = r->start = text;
  r->hash = 2166136261u;
  for (;;) {
    while (blank(*r->at)) r->at++;
    char c = *r->at;
    switch (state) {
    case FIRST_VALUE: if (c == ']') goto close; // fall through
    case VALUE:
      if (c == '{' || c == '[') {
        if (r->depth == 16) goto wrong;
        r->open[r->depth++] = c;
        if (r->depth > r->deepest) r->deepest = r->depth;
        r->at++;
        state = c == '{' ? FIRST_KEY : FIRST_VALUE;
        continue;
      }
      if (!(c == '"' ? string(r) : c == '-' || digit(c) ? number(r) : literal(r))) goto wrong;
      state = r->depth ? AFTER : DONE;
      continue;
    case FIRST_KEY: if (c == '}') goto close; // fall through
    case KEY: if (c != '"' || !string(r)) goto wrong; state = COLON; continue;
    case COLON: if (c != ':') goto wrong; r->at++; state = VALUE; continue;
    case AFTER:
      if (c == ',') { r->at++; state = r->open[r->depth - 1] == '{' ? KEY : VALUE; continue; }
      if (c != (r->open[r->depth - 1] == '{' ? '}' : ']')) goto wrong;
    close:
      r->at++;
      state = --r->depth ? AFTER : DONE;
      continue;
    case DONE: if (c) goto wrong; return -1;
    }
  }
wrong:
  return (int)(r->at - r->start);
}

int main(void) {
  struct reader r;
  CHECK_EQ(parse(&r, HIDE((const char *)"{\"a\": [1, 2.5, -3e2, {}], \"b\\n\\u00e9\": {\"c\": [true, null, []]}, \"d\": 0.125}")), -1);
  CHECK(r.strings == 4 && r.numbers == 4 && r.literals == 17 && r.deepest == 4 && r.sum == 1 +
      2.5 - 300 + 0.125);
  printf("%u %g\n", r.hash, r.sum);
  uint32_t wanted = 2166136261u;
  for (const char *p = "ab\nXcd"; *p; p++) wanted =
      (wanted ^ (*p == 'X' ? 0xe9u : (unsigned)*p)) * 16777619u;
  CHECK_EQ(r.hash, wanted);
  static const struct { const char *text; int at; } cases[] = {
      {"[]", -1}, {" [ [ ] , { } ] ", -1}, {"7e-1", -1}, {"", 0}, {"[1,]", 3}, {"{\"a\" 1}", 5},
          {"[1 2]", 3}, {"01", 0}, {"[1}", 2},
      {"\"\\x\"", 2}, {"[[[[[[[[[[[[[[[[[", 16}, {"{,}", 1}, {"nul", 0}, {"1 1", 2}, {"-", 1},
          {"\"\\u12g4\"", 5}, {"1.", 2}, {"[\"a\tb\"]", 3}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) CHECK_EQ(parse(&r, cases[i].text),
      cases[i].at);
  return verdict();
}
