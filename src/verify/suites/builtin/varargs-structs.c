// Aims at: structs of every passing class as variable arguments, mixed with scalars.
#include "check.h"
#include <stdarg.h>
#include <stdint.h>

struct tiny { char a, b, c; };
struct pair { int64_t x, y; };
struct real { double re, im; };
struct mix { int n; double d; };
struct large { int v[10]; };
struct floats { float f[4]; };

enum kind { TINY, PAIR, REAL, MIX, LARGE, FLOATS, INT, DOUBLE, END };

NOINLINE static double digest(int first, ...) {
  va_list list;
  double sum = 0;
  va_start(list, first);
  for (int kind = first; kind != END; kind = va_arg(list, int)) {
    sum *= 2;
    switch (kind) {
    case TINY: { struct tiny t = va_arg(list, struct tiny); sum += t.a + 10 * t.b + 100 * t.c;
        break; }
    case PAIR: { struct pair p = va_arg(list, struct pair); sum += (double)(p.x - p.y); break; }
    case REAL: { struct real r = va_arg(list, struct real); sum += r.re - r.im; break; }
    case MIX: { struct mix m = va_arg(list, struct mix); sum += m.n * m.d; break; }
    case LARGE: { struct large l = va_arg(list, struct large); sum += l.v[0] - l.v[9]; break; }
    case FLOATS: { struct floats f = va_arg(list, struct floats); sum += f.f[0] + 2 * f.f[3];
        break; }
    case INT: sum += va_arg(list, int); break;
    default: sum += va_arg(list, double);
    }
  }
  va_end(list);
  return sum;
}

NOINLINE static int same_object(int n, ...) { // each argument is a copy of its own
  va_list list, again;
  va_start(list, n);
  va_copy(again, list);
  struct large a = va_arg(list, struct large);
  a.v[0] = -1;
  struct large b = va_arg(again, struct large);
  va_end(again);
  va_end(list);
  return b.v[0] * 10 + (a.v[0] == -1);
}

NOINLINE static struct large collect(int n, ...) { // hidden result pointer and variable arguments
  struct large out = {{0}};
  va_list list;
  va_start(list, n);
  for (int i = 0; i < n; i++) out.v[i] = va_arg(list, int);
  va_end(list);
  return out;
}

int main(void) {
  struct tiny t = {HIDE((char)1), 2, 3};
  struct pair p = {HIDE((int64_t)1) << 40, 1ll << 39};
  struct real r = {2.5, HIDE(0.25)};
  struct mix m = {HIDE(3), 1.5};
  struct large l = {{HIDE(100), 1, 2, 3, 4, 5, 6, 7, 8, 60}};
  struct floats f = {{1.5f, 0, 0, HIDE(2.25f)}};

  CHECK(digest(END) == 0 && digest(TINY, t, END) == 321 && digest(PAIR, p, END) == 0x1p39);
  CHECK(digest(REAL, r, END) == 2.25 && digest(MIX, m, END) == 4.5);
  CHECK(digest(LARGE, l, END) == 40 && digest(FLOATS, f, END) == 6);
  double all = digest(TINY, t, REAL, r, LARGE, l, MIX, m, FLOATS, f, INT, 7, PAIR, p, DOUBLE, 0.5,
      END);
  double wanted = 321;
  const double parts[] = {2.25, 40, 4.5, 6, 7, 0x1p39, 0.5};
  for (int i = 0; i < 7; i++) wanted = wanted * 2 + parts[i];
  CHECK(all == wanted);
  // Pairs need two registers: the last that fits is followed by one that does not.
  struct pair q = {5, HIDE((int64_t)3)};
  CHECK(digest(PAIR, q, PAIR, q, PAIR, q, PAIR, q, END) == 30);
  CHECK(digest(REAL, r, REAL, r, REAL, r, REAL, r, REAL, r, END) == 2.25 * 31);
  CHECK(digest(MIX, m, MIX, m, MIX, m, MIX, m, MIX, m, END) == 4.5 * 31);
  CHECK(digest(FLOATS, f, DOUBLE, 1.0, FLOATS, f, DOUBLE, 2.0, FLOATS, f, INT, 3, FLOATS, f,
      END) == 564);
  CHECK_EQ(same_object(1, l), 1001);
  CHECK_EQ(l.v[0], 100);
  struct large c = collect(10, 9, 8, 7, 6, 5, 4, 3, 2, 1, HIDE(77));
  CHECK(c.v[0] == 9 && c.v[8] == 1 && c.v[9] == 77);
  printf("%.1f %d\n", all, c.v[5]);
  return verdict();
}
