// What every program of this suite shares: checks that go on after a failure, and values that the
// optimiser cannot see. It is no program of the suite itself.
#ifndef BUILTIN_CHECK_H
#define BUILTIN_CHECK_H

#include <stdio.h>

// AArch64 would contract a * b + c to one rounding; GCC does not with -std=c17.
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define NOINLINE __attribute__((noinline))
#define UNUSED __attribute__((unused))

// The value, through a volatile: nothing may be folded across it.
#define HIDE(...) \
  __extension__({ volatile __typeof__(__VA_ARGS__) hidden_ = (__VA_ARGS__); hidden_; })

static int failures_;

UNUSED NOINLINE static void check_(int line, const char *claim, int holds) {
  if (holds) return;
  failures_++;
  printf("FAILED line %d: %s\n", line, claim);
}

UNUSED NOINLINE static void check_eq_(int line, const char *what, unsigned long long seen,
                                      unsigned long long wanted) {
  if (seen == wanted) return;
  failures_++;
  printf("FAILED line %d: %s is %llx, wanted %llx\n", line, what, seen, wanted);
}

#define CHECK(...) check_(__LINE__, #__VA_ARGS__, (__VA_ARGS__) ? 1 : 0)
#define CHECK_EQ(seen, wanted) \
  check_eq_(__LINE__, #seen, (unsigned long long)(seen), (unsigned long long)(wanted))

// What main returns: 0 when every check held.
UNUSED static int verdict(void) { return failures_ == 0 ? 0 : 1; }

#endif
