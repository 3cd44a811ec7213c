// Aims at: _Thread_local variables: own copies per thread, initial values.
#include "check.h"
#include <pthread.h>
#include <stdint.h>

static _Thread_local int counter = 100;
static _Thread_local int untouched[4] = {1, 2, 3, 4};
static _Thread_local struct { int depth; const char *name; } context = {0, "fresh"};
_Thread_local long exported;
static int shared;

NOINLINE static int bump(int by) { return counter += by; }
NOINLINE static int *own_counter(void) { return &counter; }
NOINLINE static int nested(int depth) {
  context.depth++;
  int inner = depth ? nested(depth - 1) : context.depth * 10;
  context.depth--;
  return inner + context.depth;
}

struct report { int first, after, inner, sum; long exported; const char *name; int *address;
    int foreign; int *main_counter; };
static void *work(void *argument) {
  struct report *r = argument;
  r->first = counter;
  for (int i = 0; i < 10; i++) bump(i);
  r->after = counter;
  r->inner = nested(3);
  r->sum = untouched[0] + untouched[3];
  untouched[0] = 50;
  exported += 5;
  r->exported = exported;
  r->name = context.name;
  context.name = "used";
  r->address = own_counter();
  r->foreign = *r->main_counter; // another thread's copy, through its address
  *r->main_counter += 1000;
  shared++;
  return own_counter();
}

int main(void) {
  counter = HIDE(7);
  exported = HIDE(-1);
  untouched[3] = 40;
  struct report reports[3];
  int seen_shared = 0;
  for (int i = 0; i < 3; i++) {
    reports[i].main_counter = own_counter();
    pthread_t thread;
    if (pthread_create(&thread, 0, work, &reports[i])) return 1;
    void *address;
    pthread_join(thread, &address);
    CHECK((uintptr_t)address == (uintptr_t)reports[i].address);
    seen_shared += shared; // not thread-local: the store of the other thread is seen
  }
  for (int i = 0; i < 3; i++) {
    const struct report *r = &reports[i];
    CHECK(r->first == 100 && r->after == 145 && r->inner == 40 + 3 + 2 + 1);
    CHECK(r->sum == 5 && r->exported == 5 && r->name[0] == 'f');
    CHECK(r->address != own_counter() && r->foreign == 7 + 1000 * i);
  }
  CHECK_EQ(counter, 3007);
  CHECK_EQ(bump(HIDE(3)), 3010);
  CHECK(untouched[0] == 1 && untouched[3] == 40 && exported == -1);
  CHECK(context.name[0] == 'f' && nested(HIDE(0)) == 10 && context.depth == 0);
  CHECK(shared == 3 && seen_shared == 6);
  printf("%d %d %ld\n", counter, shared, exported);
  return verdict();
}
