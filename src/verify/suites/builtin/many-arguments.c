// Aims at: long argument lists of mixed types on the stack and in registers: order, width.
#include "check.h"
#include <stdint.h>

typedef signed char s8;
struct odd { char c[3]; };
struct quad { long a, b; };

NOINLINE static long narrow(s8 a, uint8_t b, int16_t c, uint16_t d, s8 e, uint8_t f, int16_t g,
    uint16_t h,
                            s8 i, uint8_t j, int16_t k, uint16_t l, _Bool m, _Bool n) {
  return a + 2l * b + 3l * c + 4l * d + 5l * e + 6l * f + 7l * g + 8l * h + 9l * i + 10l * j +
      11l * k + 12l * l +
         100000000l * m + 200000000l * n;
}
NOINLINE static double floats(float a, double b, float c, double d, float e, double f, float g,
    double h,
                              float i, double j, float k, double l) {
  return a - b + c * 2 - d * 2 + e * 4 - f * 4 + g * 8 - h * 8 + i * 16 - j * 16 + k * 32 - l * 32;
}
NOINLINE static double interleaved(int a, double b, long c, float d, s8 e, double f, uint64_t g,
    float h, int i,
                                   double j, long k, float l, s8 m, double n, uint64_t o, float p,
                                       int q, double r) {
  return a * b + (double)c * (double)d + e * f + (double)g * (double)h + i * j +
      (double)k * (double)l + m * n +
         (double)o * (double)p + q * r;
}
NOINLINE static long structs(struct odd a, struct quad b, int c, struct quad d, struct odd e,
    struct quad f,
                             long g, struct odd h, struct quad i) {
  return a.c[0] + a.c[2] + b.a * 2 + b.b * 3 + c * 4 + d.a * 5 + d.b * 6 + e.c[1] * 7 + f.a * 8 +
      f.b * 9 + g * 10 +
         h.c[2] * 11 + i.a * 12 + i.b * 13;
}
NOINLINE static __int128 aligned(int a, __int128 b, int c, int d, int e, __int128 f, int g,
    __int128 h) {
  return b * a + f * c - h * d + e - g;
}
NOINLINE static long modified(long a, long b, long c, long d, long e, long f, long g, long h,
    long i, long j) {
  long *stack = &h; // the address of a stack argument
  *stack += a;
  g *= 2;
  long *other = i > j ? &i : &j;
  *other = -*other;
  return a + b + c + d + e + f + g + h * 100 + i * 10000 + j * 1000000;
}
NOINLINE static long rotate(int n, long a, long b, long c, long d, long e, long f, long g, long h,
    long i) {
  if (n == 0) return ((((((((a * 10 + b) * 10 + c) * 10 + d) * 10 + e) * 10 + f) * 10 + g) * 10 +
      h) * 10 + i);
  return rotate(n - 1, b, c, d, e, f, g, h, i, a);
}
typedef long wide(long, long, long, long, long, long, long, long, long, long);
NOINLINE static long through_pointer(wide *f, long x) {
  return f(x, x, x, x, x, x, x, x, x + 1, x);
}

int main(void) {
  CHECK_EQ(narrow(HIDE((s8)-1), 255, -300, 65535, -128, HIDE((uint8_t)200), HIDE((int16_t)-32768),
      40000, HIDE((s8)-5), 130,
                  HIDE((int16_t)-2), HIDE((uint16_t)65534), HIDE((_Bool)1), HIDE((_Bool)0)),
           -1 + 510 - 900 + 262140 - 640 + 1200 - 229376 + 320000 - 45 + 1300 - 22 + 786408 +
               100000000);
  CHECK(floats(HIDE(1.5f), 0.5, 2.5f, 1.5, 3.5f, 2.5, 4.5f, HIDE(3.5), 5.5f, 4.5, HIDE(6.5f),
      5.5) == 63);
  CHECK(interleaved(1, HIDE(0.5), 2, 1.5f, HIDE((s8)-3), 2.5, 4, 3.5f, 5, HIDE(4.5), 6, 5.5f, -7,
      6.5, 8, HIDE(7.5f), 9, 8.5) ==
        0.5 + 3 - 7.5 + 14 + 22.5 + 33 - 45.5 + 60 + 76.5);
  struct odd o = {{1, 2, HIDE((char)3)}};
  struct quad q = {HIDE(10l), 20};
  CHECK_EQ(structs(o, q, 5, q, o, q, HIDE(6l), o, q), 4 + 80 + 20 + 170 + 14 + 260 + 60 + 33 + 380);
  CHECK(aligned(HIDE(2), (__int128)1 << 70, 3, 4, 5, (__int128)HIDE(-1), 7, (__int128)1 << 69) ==
        -5);
  CHECK_EQ(modified(1, 2, 3, 4, 5, 6, HIDE(7l), 8, HIDE(9l), 10), 21 + 14 + 900 + 90000 - 10000000);
  CHECK_EQ(rotate(HIDE(0), 1, 2, 3, 4, 5, 6, 7, 8, 9), 123456789);
  CHECK_EQ(rotate(HIDE(4), 1, 2, 3, 4, 5, 6, 7, 8, 9), 567891234);
  CHECK_EQ(rotate(HIDE(13), 1, 2, 3, 4, 5, 6, 7, 8, 9), 567891234);
  CHECK_EQ(through_pointer(HIDE(&modified), 1), 6 + 2 + 200 - 20000 + 1000000);
  printf("%ld %ld\n", rotate(5, 1, 2, 3, 4, 5, 6, 7, 8, 9), through_pointer(modified, 2));
  return verdict();
}
