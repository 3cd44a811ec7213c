/*
 * Stands in for what lies outside of the module: the heap (deterministic, painted), external functions (logged, with
 * made-up results), callbacks, and the marks that the instrumented reference makes.
 */
#define _GNU_SOURCE
#include "runtime.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define HEAP_MAGIC 0x6c6c6d6368656170u
enum { MADE_UP_BYTES = 256 };

void *heap_take(size_t bytes, size_t alignment) {
  if (alignment < 16) alignment = 16;
  if (bytes > HEAP_BYTES / 4 || alignment > 4096) return NULL;
  char *start = S->heap_next == NULL ? S->heap : S->heap_next;
  char *at = (char *)(((uintptr_t)start + HEAP_GAP + 16 + alignment - 1) & -alignment);
  if (at + bytes + HEAP_GAP > S->heap + HEAP_BYTES) return NULL;
  memset(start, S->fill, at - start + bytes + HEAP_GAP);
  ((uint64_t *)at)[-2] = bytes;
  ((uint64_t *)at)[-1] = HEAP_MAGIC;
  S->heap_next = at + bytes;
  return at;
}

static int is_taken(const char *p) {
  return p >= S->heap + 16 && p < S->heap + HEAP_BYTES && (uintptr_t)p % 16 == 0 && ((uint64_t *)p)[-1] == HEAP_MAGIC;
}

void *llmc_rt_malloc(size_t bytes) { return heap_take(bytes, 16); }
void *llmc_rt_aligned_alloc(size_t alignment, size_t bytes) { return heap_take(bytes, alignment); }
/* Buffers may have come from malloc. Painted, but not told as written: nobody may look at it. */
static int free_buffer(const char *p) {
  for (int b = 0; b < MAX_BUFFERS; b++) {
    if (p != buffer_at(b)) continue;
    memset(buffer_at(b), S->fill, BUFFER_BYTES);
    memset(S->initial[b], S->fill, BUFFER_BYTES);
    return 1;
  }
  return 0;
}

/* Ends the call as a trap at that address, which also tells those who explore that it should be a pointer. */
static void not_from_heap(const void *p) {
  S->undefined = 1;
  S->fault_address = (uint64_t)p;
  S->fault_ip = 0;
  if (S->inside) siglongjmp(S->back, SIGSEGV);
}

void llmc_rt_free(void *p) {
  if (p == NULL || free_buffer(p)) return;
  if (is_taken(p)) memset(p, S->fill, ((uint64_t *)p)[-2]); /* so that use after free shows */
  else if ((char *)p < S->heap || (char *)p >= S->heap + HEAP_BYTES) not_from_heap(p);
}
void *llmc_rt_calloc(size_t count, size_t bytes) {
  size_t all;
  void *p = __builtin_mul_overflow(count, bytes, &all) ? NULL : heap_take(all, 16);
  return p == NULL ? NULL : memset(p, 0, all);
}
void *llmc_rt_realloc(void *old, size_t bytes) {
  char *p = heap_take(bytes, 16);
  if (p == NULL || old == NULL) return p;
  const size_t in_arena = (char *)old - ARENA;
  const int is_buffer = in_arena < (size_t)MAX_BUFFERS * BUFFER_STRIDE && in_arena % BUFFER_STRIDE == 4096;
  if (!is_buffer && !is_taken(old)) not_from_heap(old);
  size_t had = is_buffer ? BUFFER_BYTES : ((uint64_t *)old)[-2];
  memcpy(p, old, had < bytes ? had : bytes);
  llmc_rt_free(old);
  return p;
}
char *llmc_rt_strndup(const char *text, size_t most) {
  size_t length = strnlen(text, most);
  char *copy = heap_take(length + 1, 16);
  if (copy == NULL) return NULL;
  memcpy(copy, text, length);
  copy[length] = 0;
  return copy;
}
char *llmc_rt_strdup(const char *text) { return llmc_rt_strndup(text, strlen(text)); }

/* Marks of the instrumented reference. */
void llmc_undefined(_Bool happened) { S->undefined |= happened; }
void llmc_unreachable(void) {
  S->undefined = 1;
  siglongjmp(S->back, EXITED);
}
/* Arithmetic on a pointer into a buffer must stay within it, or end just past it. */
void llmc_inbounds(const char *base, const char *result) {
  if (base < ARENA || base >= ARENA + (size_t)MAX_BUFFERS * BUFFER_STRIDE) return;
  const char *start = buffer_at((base - ARENA) / BUFFER_STRIDE);
  if (base < start || base > start + BUFFER_BYTES || result < start || result > start + BUFFER_BYTES) S->undefined = 1;
}

/* A result in both rax and xmm0, whatever the caller expects. */
struct any_result {
  long integer;
  double real;
};
struct any_result llmc_callback(void) {
  int n = S->callbacks++;
  S->call_hash = mix(S->call_hash, 0xca11);
  if (n > 10000) siglongjmp(S->back, EXITED);
  uint64_t r = mix(mix(S->seed, S->input), n);
  return (struct any_result){r % 4 == 0 ? 0 : r % 4 == 1 ? (long)(r >> 60) : r % 4 == 2 ? -1 : 1, (double)(r >> 58)};
}

static size_t log_args(char *text, size_t room, const struct external *x, const uint64_t *args) {
  size_t used = 0;
  for (int i = 0; i < x->arg_count && used + 400 < room; i++) {
    if (i > 0) text[used++] = ',';
    uint64_t value = args[i];
    int kind = x->args[i].kind;
    if (kind == KIND_INT && x->args[i].bits < 64) value &= ~0ul >> (64 - x->args[i].bits);
    double real;
    float small;
    memcpy(&real, &value, 8);
    memcpy(&small, &value, 4);
    if ((kind == KIND_F64 && real != real) || (kind == KIND_F32 && small != small)) used += sprintf(text + used, "nan");
    else if (kind == KIND_PTR) used += canonical(text + used, value, 3);
    else if (kind != KIND_BLOB && kind != KIND_F80) used += sprintf(text + used, "%lx", (long)value);
  }
  text[used] = 0;
  return used;
}

static void make_result(const struct external *x, uint64_t r, char *result) {
  static const int64_t edge[] = {0, 0, 0, 0, 1, 1, -1, 2, 3, 7, 16, 100, 255, 256, 1000, 0x7fffffff};
  const int64_t value = edge[r % 16];
  const double real = (double)(int64_t)(r >> 32) / 65536;
  const float small = (float)real;
  memset(result, 0, x->result.bytes);
  switch (x->result.kind) {
    case KIND_INT: for (int i = 0; i < x->result.bytes; i++) result[i] = i < 8 ? value >> (8 * i) : value < 0 ? -1 : 0; break;
    case KIND_F32: memcpy(result, &small, 4); break;
    case KIND_F64: memcpy(result, &real, 8); break;
    case KIND_PTR: {
      const int may_be_null = !(x->result.flags & FLAG_NONNULL);
      char *p = may_be_null && (r % 4 == 0 || x->flags & FLAG_PURE) ? NULL
                : x->flags & FLAG_PURE                            ? buffer_at(MAX_BUFFERS - 1)
                                                                  : heap_take(MADE_UP_BYTES, 16);
      if (p != NULL) memset(p, 0, MADE_UP_BYTES);
      memcpy(result, &p, 8);
      break;
    }
    default: break; /* zeros */
  }
}

/* Called by the generated stub of each external function. */
void llmc_external(const struct external *x, const uint64_t *args, char *result) {
  static char text[4096];
  if (!S->inside) { /* a constructor, before anything is compared */
    memset(result, 0, x->result.bytes);
    return;
  }
  uint64_t h = mix(0, 7);
  log_args(text, sizeof text, x, args);
  for (const char *p = x->name; *p; p++) h = mix(h, *p);
  for (const char *p = text; *p; p++) h = mix(h, *p);
  if (!(x->flags & FLAG_PURE)) { /* pure calls may be removed, merged and moved: they leave no trace */
    if (S->calls < MAX_LOGGED_CALLS) snprintf(S->call_text[S->calls], sizeof *S->call_text, "%s(%s)", x->name, text);
    S->call_hash = mix(S->call_hash, h);
    h = mix(h, S->calls++);
  }
  if (x->flags & FLAG_NORETURN || S->calls > 100000) siglongjmp(S->back, EXITED);
  make_result(x, mix(h, mix(S->seed, S->input)), result);
}
