/*
 * Made-up arguments: a function of seed, function and input number alone. Integers are edge values and small ones, for
 * they are mostly lengths and indices, and what the function compares with; pointers point to a page each, whose next byte traps.
 *
 * What a page must hold to be useful is found by running (lazy initialisation): pages are filled with small numbers,
 * each 8-byte word different; when the call traps at an address just behind such a number, that word was meant to be a pointer, and
 * gets a page of its own. Variables that other modules may
 * have set are filled in the same way. A call to such an address makes it a callback.
 */
#include "runtime.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EXPLORED_INPUTS = 24, MAX_EXPLORING_RUNS = 400, NEAR_BYTES = 4096, WORDS_PER_BUFFER = BUFFER_BYTES / 8 };

char *buffer_at(int index) { return ARENA + (size_t)index * BUFFER_STRIDE + 4096; }

uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = a * 0x9e3779b97f4a7c15u + b + 0x632be59bd9b4e019u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static uint64_t next(uint64_t *rng) { return mix((*rng)++, 0x11c); }

static int64_t edge_integer(uint64_t r) {
  static const int64_t edges[] = {0, 1, -1, 2, -2, 127, 128, 255, 256, -128, 32767, 32768, 65535, 0x7fffffff, -0x80000000l,
                                  0xffffffff, 0x100000000, 0x7fffffffffffffff, (int64_t)0x8000000000000000u, 10, 31, 32, 33, 63};
  const uint64_t wide = mix(r, 1);
  const struct function *f = S->drawing;
  if (f->constant_count > 0 && r >> 60 < 5) return f->constants[wide % f->constant_count] + (int64_t)(r >> 40 & 3) % 3 - 1;
  switch (r % 8) {
    case 0: case 1: return edges[wide % (sizeof edges / sizeof *edges)];
    case 2: case 3: case 4: return wide % 17;
    case 5: return wide % 129;
    case 6: return (int32_t)wide;
    default: return wide;
  }
}

static double edge_real(uint64_t r) {
  static const double edges[] = {0, -0.0, 1, -1, 0.5, 2, 1e-300, -1e300, 1e10, 3.5, 100, 0x1p31, -0x1p31, 0x1p63, 0x1p-1074};
  const uint64_t wide = mix(r, 2);
  if (r % 4 == 0) return edges[wide % (sizeof edges / sizeof *edges)];
  if (r % 64 == 1) return r & 64 ? __builtin_inf() : __builtin_nan("");
  return (double)(int64_t)(wide % 200001 - 100000) / (r % 4 == 1 ? 1 : 256);
}

static void make_scalar(const struct type *type, char *slot, uint64_t r) {
  const int64_t value = edge_integer(r);
  const double real = edge_real(r);
  const float small = (float)real;
  const long double wide = real;
  memset(slot, type->kind == KIND_INT && value < 0 ? 0xff : 0, SLOT_BYTES);
  switch (type->kind) {
    case KIND_F32: memcpy(slot, &small, 4); break;
    case KIND_F64: memcpy(slot, &real, 8); break;
    case KIND_F80: memcpy(slot, &wide, 10); break;
    case KIND_BLOB:
      for (int at = 0; at + 8 <= type->bytes; at += 8) {
        const uint64_t word = r % 2 ? (uint64_t)edge_integer(mix(r, at)) : 0;
        const double part = edge_real(mix(r, at));
        memcpy(slot + at, r % 4 == 2 ? (const void *)&part : (const void *)&word, 8);
      }
      break;
    default: memcpy(slot, &value, 8);
  }
  if (type->kind == KIND_INT && type->bits == 1) slot[0] &= 1;
}

static void fill_tame(char *at, int index, uint64_t *rng) {
  const uint64_t low = next(rng) % 4;
  for (int w = 0; w < WORDS_PER_BUFFER; w++) {
    const uint64_t word = (uint64_t)(w + 1) << 32 | (low + (index & 1));
    memcpy(at + 8 * w, &word, 8);
  }
}

static void fill_text(char *at, uint64_t *rng) {
  static const char letters[] = "abcxyzAZ019 .,-+/%=:#\"\n\\$*?[]()_~";
  memset(at, 0, BUFFER_BYTES);
  const int length = next(rng) % 2 ? next(rng) % 12 : next(rng) % 80;
  const int style = next(rng) % 4;
  int start = 0;
  if (llmc_string_count > 0 && next(rng) % 3 == 0) { /* a text that the module knows, and perhaps more */
    const char *known = llmc_strings[next(rng) % llmc_string_count];
    start = (int)strnlen(known, 512);
    memcpy(at, known, start);
    if (next(rng) % 2) return;
  }
  for (int i = start; i < start + length; i++) {
    const int64_t value = style == 1 ? edge_integer(next(rng)) : 0;
    at[i] = style == 0 ? '0' + next(rng) % 10 : value > 0 && value < 256 ? value : letters[next(rng) % (sizeof letters - 1)];
  }
}

static void fill_buffer(char *at, int index, uint64_t *rng) {
  enum { TAME, TEXT, ZERO, INTEGERS, LONGS, SPARSE, BYTES, BITS, REALS, FLOATS };
  static const char modes[] = {TAME, TAME, TEXT, TEXT, TEXT, ZERO, INTEGERS, INTEGERS, LONGS, SPARSE, SPARSE, BYTES,
                               BITS, REALS, FLOATS};
  const int mode = modes[next(rng) % sizeof modes];
  if (mode == TAME) return fill_tame(at, index, rng);
  if (mode == TEXT) return fill_text(at, rng);
  memset(at, 0, BUFFER_BYTES);
  if (mode == ZERO) return;
  for (int i = 0; i < BUFFER_BYTES; i += 8) {
    const uint64_t r = next(rng), q = next(rng);
    if (mode == SPARSE && r >> 62 != 0) continue; /* zeros, and here and there a value: what structs look like */
    const int64_t whole = edge_integer(q);
    const int32_t pair[] = {(int32_t)edge_integer(r), (int32_t)edge_integer(q)};
    const double real = edge_real(r);
    const float reals[] = {(float)real, (float)edge_real(q)};
    const uint64_t bits = r & 0x0101010101010101;
    const void *chosen = mode == INTEGERS || (mode == SPARSE && r % 2) ? (const void *)pair
                         : mode == LONGS || mode == SPARSE             ? (const void *)&whole
                         : mode == BYTES                               ? (const void *)&r
                         : mode == BITS                                ? (const void *)&bits
                         : mode == REALS                               ? (const void *)&real
                                                                       : (const void *)reals;
    memcpy(at + i, chosen, 8);
  }
}

extern char __data_start[], _end[];

/* Where the initial contents of an open global lie; null when it is none, or this build does not have it. */
static char *open_global(int g) {
  const struct global *global = &llmc_globals[g];
  if (!global->open || global->address < __data_start || global->address >= _end) return NULL;
  return S->data_copy + (global->address - __data_start);
}

static size_t open_bytes(int g) { return llmc_globals[g].bytes < BUFFER_BYTES ? llmc_globals[g].bytes : BUFFER_BYTES; }

static void fill_globals(uint64_t *rng, int tame) {
  for (int g = 0; g < llmc_global_count; g++) {
    char *at = open_global(g);
    const int is_zero = next(rng) % 2;
    memset(S->page, 0, BUFFER_BYTES);
    if (tame) fill_tame(S->page, g, rng);
    else if (!is_zero) fill_buffer(S->page, g, rng);
    if (at != NULL) memcpy(at, S->page, open_bytes(g));
  }
}

/* Where a word of a buffer, or of a global, is to be written before the call; null when there is no such place. */
static char *word_place(const struct word *word) {
  if (word->buffer < MAX_BUFFERS) return S->initial[word->buffer] + word->offset;
  char *at = open_global(word->buffer - MAX_BUFFERS);
  return at == NULL ? NULL : at + word->offset;
}

static void put_pointers(uint64_t *rng, int exploring) {
  for (int w = 0; w < S->shape.word_count; w++) {
    const struct word *word = &S->shape.words[w];
    const int is_null = word->kind == WORD_NULL || (!exploring && next(rng) % 8 == 0);
    char *target = is_null ? NULL : word->kind == WORD_CALLBACK ? THUNK : buffer_at(word->child);
    char *place = word_place(word);
    if (place != NULL) memcpy(place, &target, 8);
  }
}

void make_input(const struct function *f, int input, int tame) {
  uint64_t rng = mix(mix(S->seed, S->function), input);
  S->drawing = f;
  char used[MAX_BUFFERS] = {0};
  for (int a = 0; a < f->arg_count; a++) {
    const struct type *type = &f->args[a];
    char *slot = S->slots + a * SLOT_BYTES;
    make_scalar(type, slot, next(&rng));
    if (type->kind != KIND_PTR) continue;
    const int is_null = next(&rng) % 12 == 0 && !tame && !(type->flags & FLAG_NONNULL);
    char *target = is_null ? NULL : S->shape.callback_arg[a] ? THUNK : buffer_at(a);
    memcpy(slot, &target, 8);
    used[a] = 1;
  }
  for (int b = 0; b < MAX_BUFFERS; b++) {
    const int is_used = (b < MAX_ARGS && used[b]) || (b >= MAX_ARGS && b < S->shape.buffer_count);
    if (!is_used) memset(S->initial[b], 0, BUFFER_BYTES);
    else if (tame) fill_tame(S->initial[b], b, &rng);
    else fill_buffer(S->initial[b], b, &rng);
  }
  fill_globals(&rng, tame);
  put_pointers(&rng, tame);
  for (int b = 0; b < MAX_BUFFERS; b++)
    if (b < S->shape.buffer_count || b == MAX_BUFFERS - 1) memcpy(buffer_at(b), S->initial[b], BUFFER_BYTES);
}

static struct word *word_at(int buffer, int offset) {
  for (int w = 0; w < S->shape.word_count; w++)
    if (S->shape.words[w].buffer == buffer && S->shape.words[w].offset == offset) return &S->shape.words[w];
  return NULL;
}

/* Counts down `nth` over the words of `bytes` whose value lies just below the address; the offset where it ends, or -1. */
static int suspect_in(const char *bytes, size_t count, uint64_t address, int buffer, int *nth) {
  for (size_t at = 0; at + 8 <= count; at += 8) {
    uint64_t value;
    memcpy(&value, bytes + at, 8);
    if (value < 1ul << 32 || address < value || address - value >= NEAR_BYTES || word_at(buffer, at)) continue;
    if ((*nth)-- == 0) return (int)at;
  }
  return -1;
}

/* The n-th word of the buffers and globals in use that could explain a trap at the address; 0 when there is none. */
static int suspect(uint64_t address, int nth, int *buffer, int *offset) {
  for (*buffer = 0; *buffer < S->shape.buffer_count; ++*buffer) {
    *offset = suspect_in(S->initial[*buffer], BUFFER_BYTES, address, *buffer, &nth);
    if (*offset >= 0) return 1;
  }
  for (int g = 0; g < llmc_global_count; g++) {
    *buffer = MAX_BUFFERS + g;
    const char *at = open_global(g);
    *offset = at == NULL ? -1 : suspect_in(at, open_bytes(g), address, *buffer, &nth);
    if (*offset >= 0) return 1;
  }
  return 0;
}

static void add_word(int buffer, int offset, int is_call) {
  struct word *word = &S->shape.words[S->shape.word_count++];
  *word = (struct word){.buffer = buffer, .offset = offset, .kind = is_call ? WORD_CALLBACK : WORD_BUFFER};
  if (is_call) return;
  const int depth = buffer < MAX_BUFFERS ? S->shape.depth[buffer] : 0;
  if (depth >= MAX_DEPTH || S->shape.buffer_count >= MAX_BUFFERS - 1) {
    word->kind = WORD_NULL; /* ends a list */
    return;
  }
  word->child = S->shape.buffer_count++;
  S->shape.depth[word->child] = depth + 1;
}

static int is_callback_arg(const struct function *f) {
  for (int a = 0; a < f->arg_count; a++) {
    if (f->args[a].kind != KIND_PTR || S->shape.callback_arg[a] || (char *)S->fault_address != buffer_at(a)) continue;
    return S->shape.callback_arg[a] = 1;
  }
  return 0;
}

/* Tries suspects until the call no longer traps where it did; false: no word explains the trap. */
static int explain_fault(const struct function *f, int input, int *runs) {
  const uint64_t address = S->fault_address;
  const int is_call = S->fault_ip == address;
  int buffer, offset;
  if (is_call && is_callback_arg(f)) return 1;
  for (int nth = 0; S->shape.word_count < MAX_WORDS && *runs < MAX_EXPLORING_RUNS; nth++) {
    make_input(f, input, 1);
    if (!suspect(address, nth, &buffer, &offset)) return 0;
    const int words = S->shape.word_count, buffers = S->shape.buffer_count;
    add_word(buffer, offset, is_call);
    make_input(f, input, 1);
    ++*runs;
    if (run_once(f) != SIGSEGV || S->fault_address != address) return 1;
    S->shape.word_count = words;
    S->shape.buffer_count = buffers;
  }
  return 0;
}

void find_shape(const struct function *f) {
  memset(&S->shape, 0, sizeof S->shape);
  S->shape.buffer_count = MAX_ARGS;
  int runs = 0;
  for (int input = 0; input < EXPLORED_INPUTS && runs < MAX_EXPLORING_RUNS; input++) {
    for (;;) {
      make_input(f, input, 1);
      runs++;
      const int outcome = run_once(f);
      if (outcome == SIGPROF && ++S->timeouts >= 3) return;
      if (outcome != SIGSEGV || runs >= MAX_EXPLORING_RUNS || !explain_fault(f, input, &runs)) break;
    }
  }
}

static void print_bytes(const char *at) {
  int count = 32;
  while (count > 8 && at[count - 1] == 0) count--;
  for (int i = 0; i < count; i++) say("%02x", (unsigned char)at[i]);
  say("..");
}

/* A <function> <input> <arguments>: for a person to read. */
void print_input(const struct function *f) {
  say("A %d %d ", S->function, S->input);
  for (int a = 0; a < f->arg_count; a++) {
    const struct type *type = &f->args[a];
    const char *slot = S->slots + a * SLOT_BYTES;
    int64_t value;
    double real;
    float small;
    memcpy(&value, slot, 8);
    memcpy(&real, slot, 8);
    memcpy(&small, slot, 4);
    if (a > 0) say(", ");
    const int unused = type->bits < 64 ? 64 - type->bits : 0;
    if (type->kind == KIND_INT) say("i%d %ld", type->bits, (long)(value << unused >> unused));
    else if (type->kind == KIND_F64) say("%.17g", real);
    else if (type->kind == KIND_F32) say("%.9gf", (double)small);
    else if (type->kind != KIND_PTR) print_bytes(slot);
    else if (value == 0) say("null");
    else if ((char *)value == THUNK) say("callback");
    else say("&{"), print_bytes(S->initial[a]), say("}");
  }
  say("\n");
}
