/*
 * What a call did, as text that is equal for equal behaviour in whatever build. A line for each call:
 *   R <function> <input> <outcome> <key>=<value>...
 * Keys: r+<offset> result, b<buffer>+<offset> and g<global>+<offset> changed words of memory, o output, c<n> and cs
 * external calls. Pointers are told by what they point to, since addresses differ between builds: @i image, @f<n> and
 * @g<n>+<offset> the n-th function and global, @k stack, @l
 * libraries, @h<size>:<hash> heap and its contents.
 */
#define _GNU_SOURCE
#include "runtime.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_STRING = 80, HEAP_DEPTH = 3, MAX_HASHED_HEAP = 4096 };
#define HEAP_MAGIC 0x6c6c6d6368656170u

extern char __executable_start[], __data_start[], _end[];
extern char llmc_coverage[] __attribute__((weak));
extern const int64_t llmc_coverage_count __attribute__((weak));

void say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  size_t room = OUT_BYTES - S->out_used;
  int wrote = vsnprintf(S->out + S->out_used, room, format, args);
  va_end(args);
  if (wrote > 0 && (size_t)wrote < room) S->out_used += wrote;
}

void flush_out(void) {
  for (size_t done = 0; done < S->out_used;) {
    ssize_t wrote = write(S->out_fd, S->out + done, S->out_used - done);
    if (wrote <= 0) _exit(94);
    done += wrote;
  }
  S->out_used = 0;
}

void reset_output(void) {
  if (ftruncate(S->memory_fd, 0) == 0) lseek(S->memory_fd, 0, SEEK_SET);
}

static uint64_t hash_bytes(uint64_t h, const void *bytes, size_t count) {
  const unsigned char *p = bytes;
  for (size_t i = 0; i < count; i++) h = (h ^ p[i]) * 0x100000001b3u;
  return h;
}

/* Text in read-only data, where a string constant would be. */
static size_t constant_text(char *text, const char *at) {
  size_t length = strnlen(at, MAX_STRING);
  if (length == 0 || length == MAX_STRING) return 0;
  for (size_t i = 0; i < length; i++)
    if ((at[i] < 32 && at[i] != '\n' && at[i] != '\t') || at[i] == 127) return 0;
  size_t used = sprintf(text, "@\"");
  for (size_t i = 0; i < length; i++)
    used += sprintf(text + used, at[i] <= ' ' || strchr("\"=%,()@\\", at[i]) ? "%%%02x" : "%c", (unsigned char)at[i]);
  return used + sprintf(text + used, "\"");
}

static size_t in_image(char *text, uint64_t value) {
  char *p = (char *)value;
  for (int i = 0; i < llmc_function_count; i++)
    if (llmc_functions[i].address == p) return sprintf(text, "@f%d", i);
  for (int i = 0; i < llmc_global_count; i++) {
    const struct global *g = &llmc_globals[i];
    if (g->address != NULL && p >= g->address && p < g->address + g->bytes) {
      return sprintf(text, "@g%d+%d", i, (int)(p - g->address));
    }
  }
  size_t used = p < __data_start ? constant_text(text, p) : 0;
  return used > 0 ? used : (size_t)sprintf(text, "@i");
}

static size_t in_heap(char *text, uint64_t value, int depth) {
  const uint64_t *p = (const uint64_t *)value;
  if (value % 16 != 0 || (char *)p < S->heap + 16 || p[-1] != HEAP_MAGIC) return sprintf(text, "@h");
  uint64_t size = p[-2];
  if (depth >= HEAP_DEPTH || size > MAX_HASHED_HEAP) return sprintf(text, "@h%lu", (long)size);
  uint64_t h = 1;
  for (uint64_t at = 0; at < size; at += 8) {
    uint64_t word = 0;
    char inner[3 * MAX_STRING + 64];
    memcpy(&word, (char *)p + at, size - at < 8 ? size - at : 8);
    h = hash_bytes(h, inner, canonical(inner, word, depth + 1));
  }
  return sprintf(text, "@h%lu:%lx", (long)size, (long)h);
}

size_t canonical(char *text, uint64_t value, int depth) {
  char *p = (char *)value;
  if (p >= __executable_start && p < _end) return in_image(text, value);
  if (p >= S->heap && p < S->heap + HEAP_BYTES) return in_heap(text, value, depth);
  if (p >= S->stack_low && p < S->stack_high) return sprintf(text, "@k");
  if (value >> 40 == 0x7f || value >> 40 == 0x7e) return sprintf(text, "@l");
  return sprintf(text, "%016lx", (long)value);
}

static void say_word(uint64_t value) {
  char text[3 * MAX_STRING + 64];
  canonical(text, value, 0);
  say("%s", text);
}

static int changed_words(const char *key, int index, const char *now, const char *before, int64_t bytes, int tokens) {
  for (int64_t at = 0; at < bytes; at += 8) {
    size_t count = bytes - at < 8 ? bytes - at : 8;
    if (memcmp(now + at, before + at, count) == 0) continue;
    if (++tokens > MAX_TOKENS) return tokens;
    uint64_t word = 0;
    memcpy(&word, now + at, count);
    say(" %s%d+%d=", key, index, (int)at);
    say_word(word);
  }
  return tokens;
}

static void say_memory(void) {
  int tokens = 0;
  for (int b = 0; b < S->shape.buffer_count; b++)
    tokens = changed_words("b", b, buffer_at(b), S->initial[b], BUFFER_BYTES, tokens);
  for (int g = 0; g < llmc_global_count; g++) {
    const struct global *global = &llmc_globals[g];
    if (global->address < __data_start || global->address >= _end) continue; /* absent, or constant */
    const char *before = S->data_copy + (global->address - __data_start);
    tokens = changed_words("g", g, global->address, before, global->bytes, tokens);
  }
  if (tokens > MAX_TOKENS) say(" more=1");
}

static void say_result(const struct type *type) {
  for (int at = 0; at < type->bytes; at += 8) {
    uint64_t word = 0;
    memcpy(&word, S->result + at, type->bytes - at < 8 ? type->bytes - at : 8);
    if (type->kind == KIND_INT && type->bits % 64 != 0 && at + 8 >= type->bytes) word &= ~0ul >> (64 - type->bits % 64);
    say(" r+%d=", at);
    say_word(word);
  }
}

static void say_output(void) {
  static char chunk[4096];
  fflush(stdout);
  off_t length = lseek(S->memory_fd, 0, SEEK_CUR);
  if (length <= 0) return;
  uint64_t h = 1;
  ssize_t got;
  for (off_t at = 0; (got = pread(S->memory_fd, chunk, sizeof chunk, at)) > 0; at += got) h = hash_bytes(h, chunk, got);
  say(" o=%ld:%lx", (long)length, (long)h);
  reset_output();
}

static void say_calls(void) {
  for (int i = 0; i < S->calls && i < MAX_LOGGED_CALLS; i++) say(" c%d=%s", i, S->call_text[i]);
  if (S->calls + S->callbacks > 0) say(" cs=%d:%d:%lx", S->calls, S->callbacks, (long)S->call_hash);
}

static void keep_coverage(void) {
  if (&llmc_coverage_count == NULL) return;
  for (int64_t i = 0; i < llmc_coverage_count && i < (int64_t)sizeof S->coverage; i++) S->coverage[i] |= llmc_coverage[i];
}

void report(const struct function *f, int outcome) {
  say("R %d %d ", S->function, S->input);
  if (S->undefined) say("ub");
  else if (outcome == SIGPROF) say("time");
  else if (outcome != 0 && outcome != EXITED) say("signal%d", outcome);
  else {
    say(outcome == EXITED ? "exit" : "ok");
    if (outcome == 0) say_result(&f->result);
    say_memory();
    say_output();
    say_calls();
    keep_coverage();
  }
  say("\n");
  flush_out();
}
