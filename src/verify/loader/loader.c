/*
 * Runs object files without a linker: each in a forked child, loaded into memory, bound in time, memory and processes.
 * Linking and starting a program takes 30 to 40 ms, this takes 2. Process 1 of namespaces of its own (see sandbox.ts).
 *
 * In:  "<bytes> <CPU seconds> <user id>\n", then the object.
 * Out: "<kind> <number> <bytes of output> <microseconds>\n", then the output. Kinds: exit (code), signal, time, output,
 *      unsupported (the output says what): thread-local variables, relocations that only a linker does, unknown symbols.
 *
 * Source: System V ABI, AMD64 supplement, chapter 4.4 (relocation); ELF-64 object file format.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, MAX_OUTPUT = 1 << 20, WALL_PER_CPU_SECOND = 6, UNSUPPORTED = 77, STUB = 16 };
enum { MAX_MEMORY = 512 << 20, MAX_FILE = 8 << 20, MAX_PROCESSES = 24, MAX_FILES = 64, STACK = 8 << 20 };
#define SCRATCH_OPTIONS "size=32m,mode=1777"

static char *object; /* the file */
static size_t object_bytes;
static int report = -1; /* where a child says what it cannot load */
static char output[MAX_OUTPUT + PAGE];
extern char **environ;
void __register_frame(void *);

static void die(const char *what) {
  dprintf(2, "loader: %s: %s\n", what, strerror(errno));
  _exit(3);
}

static void unsupported(const char *what, const char *name) {
  dprintf(report, "%s %s", what, name);
  _exit(UNSUPPORTED);
}

/* ---- loading: in the child ---- */

struct section { char *at; const Elf64_Shdr *header; };

static struct section *sections;
static int section_count;
static const Elf64_Sym *symbols;
static const char *names;
static size_t symbol_count;
static char **got;    /* by symbol: its slot, when it has one */
static char **stubs;  /* by symbol: a jump to it, when it has one */
static char *next_slot, *next_stub, *common;
static char *dso_handle; /* any address of the program's own, not far */

static int on_exit_of_program(void (*f)(void)) { return atexit(f); } /* lies in the static part of libc: dlsym does not see it */

static char *external(const char *name, int is_weak) {
  if (strcmp(name, "__dso_handle") == 0) return dso_handle;
  if (strcmp(name, "atexit") == 0) return (char *)on_exit_of_program;
  char *found = dlsym(RTLD_DEFAULT, name);
  if (found == NULL && !is_weak) unsupported("symbol", name);
  return found;
}

static char *address(size_t index) {
  const Elf64_Sym *symbol = &symbols[index];
  const char *name = names + symbol->st_name;
  if (ELF64_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC || ELF64_ST_TYPE(symbol->st_info) == STT_TLS) unsupported("kind of", name);
  if (symbol->st_shndx == SHN_UNDEF) return index == 0 ? NULL : external(name, ELF64_ST_BIND(symbol->st_info) == STB_WEAK);
  if (symbol->st_shndx == SHN_ABS) return (char *)symbol->st_value;
  if (symbol->st_shndx == SHN_COMMON) return *(char **)(common + 8 * index);
  if (symbol->st_shndx >= section_count || sections[symbol->st_shndx].at == NULL) unsupported("place of", name);
  return sections[symbol->st_shndx].at + symbol->st_value;
}

static char *slot_of(size_t index) {
  if (got[index] == NULL) {
    got[index] = next_slot;
    *(char **)next_slot = address(index);
    next_slot += 8;
  }
  return got[index];
}

/* jmp *slot(%rip): for calls of what lies further away than 2 GiB */
static char *stub_of(size_t index) {
  if (stubs[index] == NULL) {
    char *slot = slot_of(index);
    stubs[index] = next_stub;
    const int32_t distance = (int32_t)(slot - (next_stub + 6));
    memcpy(next_stub, "\xff\x25", 2);
    memcpy(next_stub + 2, &distance, 4);
    next_stub += STUB;
  }
  return stubs[index];
}

static void put32(char *at, int64_t value, const char *name) {
  const int32_t narrow = (int32_t)value;
  if (narrow != value) unsupported("distance to", name);
  memcpy(at, &narrow, 4);
}

static void relocate(const struct section *target, const Elf64_Rela *rela) {
  char *at = target->at + rela->r_offset;
  const size_t index = ELF64_R_SYM(rela->r_info);
  if (index >= symbol_count) unsupported("symbol", "number");
  const char *name = names + symbols[index].st_name;
  const int64_t addend = rela->r_addend;
  switch (ELF64_R_TYPE(rela->r_info)) {
    case R_X86_64_NONE: return;
    case R_X86_64_64: {
      const char *value = address(index) + addend;
      memcpy(at, &value, 8);
      return;
    }
    case R_X86_64_PC64: {
      const int64_t value = address(index) + addend - at;
      memcpy(at, &value, 8);
      return;
    }
    case R_X86_64_PC32: put32(at, address(index) + addend - at, name); return;
    case R_X86_64_PLT32: {
      char *to = symbols[index].st_shndx == SHN_UNDEF ? stub_of(index) : address(index);
      put32(at, to + addend - at, name);
      return;
    }
    case R_X86_64_GOTPCREL: case R_X86_64_GOTPCRELX: case R_X86_64_REX_GOTPCRELX:
      put32(at, slot_of(index) + addend - at, name);
      return;
    default: unsupported("relocation for", name);
  }
}

enum { CODE, CONSTANT, WRITABLE, KINDS };
static const int PROTECTION[] = {PROT_READ | PROT_EXEC, PROT_READ, PROT_READ | PROT_WRITE};

static int kind_of(const Elf64_Shdr *header, const char *name) {
  if (header->sh_flags & SHF_EXECINSTR) return CODE;
  return header->sh_flags & SHF_WRITE && strncmp(name, ".data.rel.ro", 12) != 0 ? WRITABLE : CONSTANT;
}

static size_t aligned(size_t at, size_t to) { return to < 2 ? at : (at + to - 1) / to * to; }

static char *base;
static size_t starts[KINDS + 1];
static char *eh_frame;

/* Code, then constants, then what is writable; the tables of slots and stubs stand with their kind. */
static void place_sections(const char *section_names) {
  size_t at = 0, commons = 0;
  for (size_t i = 0; i < symbol_count; i++)
    if (symbols[i].st_shndx == SHN_COMMON) commons += aligned(symbols[i].st_size, 16) + symbols[i].st_value + 16;
  size_t *offsets = calloc(section_count, sizeof *offsets);
  size_t slots_at = 0, stubs_at = 0, commons_at = 0;
  for (int kind = 0; kind < KINDS; kind++) {
    starts[kind] = at = aligned(at, PAGE);
    for (int i = 1; i < section_count; i++) {
      const Elf64_Shdr *header = sections[i].header;
      if (!(header->sh_flags & SHF_ALLOC) || kind_of(header, section_names + header->sh_name) != kind) continue;
      if (header->sh_flags & SHF_TLS) unsupported("section", section_names + header->sh_name);
      at = aligned(at, header->sh_addralign);
      offsets[i] = at;
      at += header->sh_size + 8; /* zeros behind .eh_frame end it */
    }
    at = aligned(at, 64);
    if (kind == CODE) stubs_at = at, at += STUB * symbol_count;
    if (kind == CONSTANT) slots_at = at, at += 8 * symbol_count;
    if (kind == WRITABLE) commons_at = at, at += commons;
  }
  starts[KINDS] = aligned(at, PAGE) + PAGE;
  base = mmap(NULL, starts[KINDS], PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) unsupported("memory for", "sections");
  next_stub = base + stubs_at;
  next_slot = base + slots_at;
  dso_handle = base + starts[KINDS] - 8;
  for (int i = 1; i < section_count; i++) {
    const Elf64_Shdr *header = sections[i].header;
    if (!(header->sh_flags & SHF_ALLOC)) continue;
    sections[i].at = base + offsets[i];
    if (header->sh_type != SHT_NOBITS) memcpy(sections[i].at, object + header->sh_offset, header->sh_size);
    if (strcmp(section_names + header->sh_name, ".eh_frame") == 0) eh_frame = sections[i].at;
  }
  common = calloc(symbol_count + 1, 8);
  char *place = base + commons_at;
  for (size_t i = 0; i < symbol_count; i++) {
    if (symbols[i].st_shndx != SHN_COMMON) continue;
    place = (char *)aligned((size_t)place, symbols[i].st_value);
    memcpy(common + 8 * i, &place, 8);
    place += symbols[i].st_size;
  }
  free(offsets);
}

struct starter { long order; void (**first)(int, char **, char **); size_t count; };

static int by_order(const void *a, const void *b) {
  const long x = ((const struct starter *)a)->order, y = ((const struct starter *)b)->order;
  return x < y ? -1 : x > y;
}

/* Priorities: .init_array.N, or .ctors.M with M = 65535 - N; without a number, the last. */
static long order_of(const char *name, const char *prefix, int counts_down) {
  const size_t length = strlen(prefix);
  if (strncmp(name, prefix, length) != 0) return -1;
  if (name[length] == '\0') return 65535;
  if (name[length] != '.') return -1;
  const long number = strtol(name + length + 1, NULL, 10);
  return counts_down ? 65535 - number : number;
}

static struct starter *enders;
static int ender_count;

static void run_enders(void) {
  for (int i = ender_count - 1; i >= 0; i--)
    for (size_t k = enders[i].count; k-- > 0;) ((void (*)(void))enders[i].first[k])();
}

static struct starter *arrays(const char *section_names, const char *modern, const char *old, int *count) {
  struct starter *found = calloc(section_count, sizeof *found);
  for (int i = 1; i < section_count; i++) {
    const Elf64_Shdr *header = sections[i].header;
    if (!(header->sh_flags & SHF_ALLOC)) continue;
    const char *name = section_names + header->sh_name;
    const long order = order_of(name, modern, 0) >= 0 ? order_of(name, modern, 0) : order_of(name, old, 1);
    if (order >= 0) found[(*count)++] = (struct starter){order, (void *)sections[i].at, header->sh_size / 8};
  }
  qsort(found, *count, sizeof *found, by_order);
  return found;
}

static _Noreturn void load_and_run(void) {
  const Elf64_Ehdr *file = (const void *)object;
  if (object_bytes < sizeof *file || memcmp(file->e_ident, ELFMAG, 4) != 0 || file->e_type != ET_REL || file->e_machine != EM_X86_64)
    unsupported("file:", "want an x86-64 ELF object");
  const Elf64_Shdr *headers = (const void *)(object + file->e_shoff);
  section_count = file->e_shnum;
  if (section_count == 0 || file->e_shstrndx >= section_count) unsupported("number of", "sections");
  const char *section_names = object + headers[file->e_shstrndx].sh_offset;
  sections = calloc(section_count, sizeof *sections);
  for (int i = 0; i < section_count; i++) {
    sections[i].header = &headers[i];
    if (headers[i].sh_type != SHT_SYMTAB) continue;
    symbols = (const void *)(object + headers[i].sh_offset);
    symbol_count = headers[i].sh_size / sizeof *symbols;
    names = object + headers[headers[i].sh_link].sh_offset;
  }
  got = calloc(symbol_count + 1, sizeof *got);
  stubs = calloc(symbol_count + 1, sizeof *stubs);
  place_sections(section_names);
  for (int i = 1; i < section_count; i++) {
    const Elf64_Shdr *header = &headers[i];
    if (header->sh_type != SHT_RELA || header->sh_info >= section_count || sections[header->sh_info].at == NULL) continue;
    const Elf64_Rela *rela = (const void *)(object + header->sh_offset);
    for (size_t k = 0; k < header->sh_size / sizeof *rela; k++) relocate(&sections[header->sh_info], &rela[k]);
  }
  int (*program)(int, char **, char **) = NULL;
  for (size_t i = 0; i < symbol_count; i++)
    if (symbols[i].st_shndx != SHN_UNDEF && strcmp(names + symbols[i].st_name, "main") == 0) program = (void *)address(i);
  if (program == NULL) unsupported("symbol", "main");
  int starter_count = 0;
  struct starter *starters = arrays(section_names, ".init_array", ".ctors", &starter_count);
  enders = arrays(section_names, ".fini_array", ".dtors", &ender_count);
  for (int kind = 0; kind < KINDS; kind++)
    if (starts[kind + 1] > starts[kind]) mprotect(base + starts[kind], starts[kind + 1] - starts[kind], PROTECTION[kind]);
  if (eh_frame != NULL) __register_frame(eh_frame);
  close(report);
  if (ender_count > 0) atexit(run_enders);
  static char *arguments[] = {"program", NULL};
  for (int i = 0; i < starter_count; i++)
    for (size_t k = 0; k < starters[i].count; k++) starters[i].first[k](1, arguments, environ);
  exit(program(1, arguments, environ));
}

/* ---- bounds ---- */

static void bound(int what, rlim_t soft, rlim_t hard) {
  const struct rlimit limit = {soft, hard};
  if (setrlimit(what, &limit) != 0) _exit(126);
}

static void confine(long cpu_seconds, unsigned user) {
  bound(RLIMIT_CORE, 0, 0);
  bound(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1);
  bound(RLIMIT_AS, MAX_MEMORY, MAX_MEMORY);
  bound(RLIMIT_STACK, STACK, STACK);
  bound(RLIMIT_FSIZE, MAX_FILE, MAX_FILE);
  bound(RLIMIT_NOFILE, MAX_FILES, MAX_FILES);
  bound(RLIMIT_NPROC, MAX_PROCESSES, MAX_PROCESSES);
  if (user != 0 && (setgroups(0, NULL) != 0 || setresgid(1000000000, 1000000000, 1000000000) != 0 || setresuid(user, user, user) != 0))
    _exit(126);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(126);
}

/* What the program left behind, if anything. */
static void clear_scratch(const char *scratch) {
  DIR *folder = opendir(scratch);
  if (folder == NULL) die(scratch);
  int entries = 0;
  while (readdir(folder) != NULL) entries++;
  closedir(folder);
  if (entries <= 2) return;
  if (chdir("/") != 0 || umount2(scratch, MNT_DETACH) != 0 || mount("scratch", scratch, "tmpfs", 0, SCRATCH_OPTIONS) != 0 || chdir(scratch) != 0)
    die("a new scratch folder");
}

static int64_t microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void write_all(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t written = write(fd, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(0); /* nobody listens any more */
    bytes += written;
    count -= written;
  }
}

static void read_all(char *bytes, size_t count) {
  while (count > 0) {
    const ssize_t got_bytes = read(0, bytes, count);
    if (got_bytes < 0 && errno == EINTR) continue;
    if (got_bytes <= 0) _exit(0);
    bytes += got_bytes;
    count -= got_bytes;
  }
}

/* Reads what the child writes until it ends; gives the bytes, or -1 past the time and -2 past the room. */
static long listen_to(int child, int pipe_end, int64_t until) {
  size_t bytes = 0;
  for (;;) {
    struct pollfd wait_for[] = {{pipe_end, POLLIN, 0}, {child, POLLIN, 0}};
    const int64_t left = until - microseconds();
    if (left <= 0) return -1;
    if (poll(wait_for, 2, (int)(left / 1000 + 1)) < 0 && errno != EINTR) die("poll");
    const int has_ended = wait_for[1].revents != 0;
    ssize_t more;
    while ((more = read(pipe_end, output + bytes, sizeof output - bytes)) > 0)
      if ((bytes += more) > MAX_OUTPUT) return -2;
    if (has_ended) return (long)bytes;
    if (more == 0) { /* closed, but still running */
      struct pollfd end = {child, POLLIN, 0};
      return poll(&end, 1, (int)(left / 1000 + 1)) > 0 ? (long)bytes : -1;
    }
  }
}

static void run_object(const char *scratch, long cpu_seconds, unsigned user) {
  int out[2], said[2];
  if (pipe2(out, O_CLOEXEC | O_NONBLOCK) != 0 || pipe2(said, O_CLOEXEC | O_NONBLOCK) != 0) die("pipe");
  const int64_t started = microseconds();
  const pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    signal(SIGPIPE, SIG_DFL);
    const int none = open("/dev/null", O_RDWR);
    fcntl(out[1], F_SETFL, 0);
    if (dup2(none, 0) < 0 || dup2(out[1], 1) < 0 || dup2(none, 2) < 0) _exit(126);
    report = said[1];
    setpgid(0, 0);
    confine(cpu_seconds, user);
    load_and_run();
  }
  close(out[1]);
  close(said[1]);
  const int handle = (int)syscall(SYS_pidfd_open, child, 0);
  if (handle < 0) die("pidfd_open");
  const long bytes = listen_to(handle, out[0], started + cpu_seconds * WALL_PER_CPU_SECOND * 1000000);
  int status = 0;
  if (bytes < 0) kill(child, SIGKILL);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  const int64_t took = microseconds() - started;
  kill(-1, SIGKILL); /* as process 1: all that it started */
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {}
  clear_scratch(scratch);
  char why[256];
  const ssize_t words = read(said[0], why, sizeof why);
  close(out[0]);
  close(said[0]);
  close(handle);
  const char *kind = bytes == -1 ? "time" : bytes == -2 ? "output" : WIFSIGNALED(status) ? "signal" : "exit";
  const char *text = output;
  size_t length = bytes < 0 ? 0 : bytes;
  int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  if (words > 0 && WIFEXITED(status) && number == UNSUPPORTED) kind = "unsupported", text = why, length = words;
  char head[128];
  const int head_bytes = snprintf(head, sizeof head, "%s %d %zu %lld\n", kind, number, length, (long long)took);
  write_all(1, head, head_bytes);
  write_all(1, text, length);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  if (mount("scratch", argv[1], "tmpfs", 0, SCRATCH_OPTIONS) != 0 || chdir(argv[1]) != 0) die(argv[1]);
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    char head[64];
    size_t at = 0;
    do read_all(head + at, 1);
    while (head[at] != '\n' && ++at < sizeof head - 1);
    head[at] = '\0';
    long cpu_seconds;
    unsigned user;
    if (sscanf(head, "%zu %ld %u", &object_bytes, &cpu_seconds, &user) != 3) return 2;
    object = mmap(NULL, object_bytes + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (object == MAP_FAILED) die("memory for the object");
    read_all(object, object_bytes);
    run_object(argv[1], cpu_seconds, user);
    munmap(object, object_bytes + 1);
  }
}
