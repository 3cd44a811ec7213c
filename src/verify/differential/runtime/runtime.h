/*
 * The driver that a module's object is linked with: it calls each function of the table with made-up arguments, in
 * children that cannot hurt anything, and prints what could be seen of each call.
 *
 *   stubs (generated IR)   one call stub per function, one stub per external function, the tables
 *   inputs.c               made-up arguments, and finding out which words must be pointers
 *   observe.c              what a call did: result, memory, output, external calls
 *   externals.c            stands in for what lies outside of the module
 *   driver.c               processes, limits, recovery from traps
 *
 * Everything mutable lies in `struct state` at a fixed address, so that the module's own data can be put back between
 * calls by copying all of .data and .bss. Addresses of buffers are the same in every build; addresses of the image, the heap and
 * the stack are not, so that a result that depends on them shows itself by differing between trusted builds.
 */
#ifndef LLMC_RUNTIME_H
#define LLMC_RUNTIME_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

enum {
  MAX_ARGS = 16,
  SLOT_BYTES = 256,    /* one argument, or the result */
  BUFFER_BYTES = 4096, /* one page, so that the next byte traps */
  BUFFER_STRIDE = 3 * 4096,
  MAX_BUFFERS = 64,
  MAX_WORDS = 96, /* words of buffers that were found to be pointers */
  MAX_DEPTH = 4,
  OUT_BYTES = 1 << 20,
  MAX_LOGGED_CALLS = 24,
  MAX_TOKENS = 2000,
  HEAP_BYTES = 64 << 20,
  HEAP_GAP = 64, /* around each allocation, so that reading past its end gives what was painted */
  STACK_PAINT_BYTES = 64 << 10,
  EXITED = 1000, /* run's result when the call ended the program */
};

#define ARENA ((char *)0x500000000000)
#define STATE ((struct state *)0x510000000000)
#define THUNK ((char *)0x520000000000)
#define HEAP_FIRST ((char *)0x530000000000)
#define HEAP_APART 0x1000000000

enum kind { KIND_VOID, KIND_INT, KIND_F32, KIND_F64, KIND_F80, KIND_PTR, KIND_BLOB };
enum { FLAG_NONNULL = 1, FLAG_NORETURN = 2, FLAG_PURE = 4 };

/* Shared with the generated IR: keep in step with stubs.ts. */
struct type {
  int kind, bits, bytes, flags;
};
struct function {
  const char *name;
  void (*stub)(char *slots, char *result);
  void *address; /* null: this build does not have it */
  const struct type *args;
  int arg_count;
  struct type result;
  const int64_t *constants; /* that its code compares with */
  int constant_count;
};
struct global {
  const char *name;
  char *address;
  int64_t bytes;
  int64_t open; /* may hold anything when the module is entered: it is part of the input */
};
struct pad {
  const char *name;
  char *address;
  int64_t bytes;
};
struct external {
  const char *name;
  const struct type *args;
  int arg_count, flags;
  struct type result;
};
extern const struct function llmc_functions[];
extern const int llmc_function_count;
extern const struct global llmc_globals[];
extern const int llmc_global_count;
extern const char *const llmc_strings[]; /* constants of the module */
extern const int llmc_string_count;

enum word_kind { WORD_BUFFER, WORD_NULL, WORD_CALLBACK };
struct word {
  /* from MAX_BUFFERS on: a global */
  short buffer, offset, child;
  short kind;
};
/* Which words of which buffers are pointers; found on the reference, then used for every build. */
struct shape {
  int word_count, buffer_count;
  struct word words[MAX_WORDS];
  short depth[MAX_BUFFERS];
  char callback_arg[MAX_ARGS];
};

struct state {
  /* what is wanted */
  uint64_t seed;
  int fill, limit_ms, heap_index, out_fd, memory_fd;
  char *heap, *heap_next;
  /* the call that is running */
  sigjmp_buf back;
  volatile int inside;
  int function, input, reported, timeouts, good, wanted, judging;
  uint64_t fault_address, fault_ip;
  int undefined, calls, callbacks;
  uint64_t call_hash;
  char call_text[MAX_LOGGED_CALLS][160];
  struct shape shape;
  const struct function *drawing; /* whose input is being made */
  char slots[MAX_ARGS * SLOT_BYTES], result[SLOT_BYTES];
  char initial[MAX_BUFFERS][BUFFER_BYTES];
  char *data_copy; /* what .data and .bss hold when a call begins */
  char page[BUFFER_BYTES];
  char *stack_low, *stack_high;
  char coverage[1 << 16];
  size_t out_used;
  char out[OUT_BYTES];
};
#define S (STATE)

/* inputs.c */
char *buffer_at(int index);
void make_input(const struct function *f, int input, int tame);
void find_shape(const struct function *f);
void print_input(const struct function *f);
uint64_t mix(uint64_t a, uint64_t b);

/* driver.c */
int run_once(const struct function *f);

/* observe.c */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void flush_out(void);
void report(const struct function *f, int outcome);
size_t canonical(char *text, uint64_t value, int depth);
void reset_output(void);

/* externals.c */
void llmc_undefined(_Bool happened);
void *heap_take(size_t bytes, size_t alignment);

#endif
