// Aims at: constructors and destructors with priorities: order, evaluation at compile time.
#include "check.h"
#include <stdlib.h>
#include <string.h>

static char order[32];
static int used;
static int evaluated;             // simple enough to be evaluated at compile time
static int depends = 3;           // read, then changed by later constructors
static int table[16];
static int *pointer_to_table;
static const char *environment = "unset";
static char *heap;

NOINLINE static void note(char c) { order[used++] = c; }

__attribute__((constructor(300))) static void third(void) {
  note('c');
  depends *= 10; // 40 -> 400, after second added one
}
__attribute__((constructor(101))) static void first(void) {
  note('a');
  evaluated = 1234;
  for (int i = 0; i < 16; i++) table[i] = i * i;
}
__attribute__((constructor(200))) static void second(void) {
  note('b');
  depends = depends + 1;
  depends *= 10;
  pointer_to_table = &table[evaluated % 16];
  depends += *pointer_to_table; // 40 + 4
}
__attribute__((constructor)) static void unnumbered(void) {
  note('d');
  environment = getenv("LLMC_SURELY_NOT_SET_1") ? "set" : "not set";
  heap = malloc(8);
  if (heap) strcpy(heap, "heap");
}

__attribute__((destructor(300))) static void early_end(void) {
  printf("early_end %s\n", order);
  note('y');
}
__attribute__((destructor(101))) static void last_end(void) {
  printf("last_end %s\n", order);
  fflush(stdout);
  if (strcmp(order, "abcdmxyw") != 0) _Exit(1);
}
__attribute__((destructor(200))) static void middle_end(void) { note('w'); }
static void at_exit(void) {
  note('x');
  free(heap);
}

int main(void) {
  CHECK(strcmp(order, "abcd") == 0);
  note('m');
  CHECK_EQ(evaluated, 1234);
  CHECK_EQ(depends, 440);
  CHECK(pointer_to_table == table + 2 && *pointer_to_table == 4);
  CHECK_EQ(table[15], 225);
  CHECK(strcmp(environment, "not set") == 0);
  CHECK(heap && strcmp(heap, "heap") == 0);
  // After start-up these are ordinary variables.
  evaluated += HIDE(1);
  *pointer_to_table = HIDE(77);
  CHECK(evaluated == 1235 && table[2] == 77);
  printf("%d %d %s\n", evaluated, depends, environment);
  if (verdict()) return 1;
  atexit(at_exit);
  return 0;
}
