/*
 * driver MODE SEED FILL LIMIT_MS HEAP WANTED, the plan on stdin. MODE: `explore` (find pointer words, run all inputs), `run`
 * (what the plan says), `judge` (the same, ending a function at its first trap), `show` (that, and print the inputs).
 * A function is done after WANTED calls that ended well. A plan line: F <function> <shape> <inputs, "3,4,9-12">.
 * Answers are lines on what was stdout; see observe.c.
 */
#define _GNU_SOURCE
#include "runtime.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum {
  CHILD_WALL_SECONDS = 60, /* a child that blocks; busy ones meet the timer of each call long before */
  CHILD_CPU_SECONDS = 40,
  MAX_TRAPS = 16, /* of one process: what a trapping call left broken outside of the module's data does not last */
  MAX_TIMEOUTS = 4, /* then the rest of the function's inputs is left out */
  OUTPUT_LIMIT_BYTES = 4 << 20,
  STACK_LIMIT_BYTES = 64 << 20,
  MAX_INPUTS = 4096,
};

extern char data_start[] __attribute__((weak)), __data_start[], _end[];
extern char llmc_coverage[] __attribute__((weak));
extern const int64_t llmc_coverage_count __attribute__((weak));
extern const struct pad llmc_pads[] __attribute__((weak));
extern const int64_t llmc_pad_count __attribute__((weak));

static void map(void *at, size_t bytes, int protection) {
  void *got = mmap(at, bytes, protection, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
  if (got != at) _exit(90);
}

/* Before the module's own constructors, which may already call stubs. */
static void prepare(void) {
  map(STATE, sizeof(struct state), PROT_READ | PROT_WRITE);
  S->heap = HEAP_FIRST;
  struct rlimit none = {0, 0}, file = {OUTPUT_LIMIT_BYTES, OUTPUT_LIMIT_BYTES};
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_FSIZE, &file);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}
__attribute__((section(".preinit_array"), used)) static void (*first)(void) = prepare;

#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* A child may compute, write to what is open, and end. No files, no processes, no network, no sleep. */
static void enter_sandbox(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(write), ALLOW(writev), ALLOW(pread64), ALLOW(lseek), ALLOW(ftruncate), ALLOW(fstat), ALLOW(newfstatat),
      ALLOW(brk), ALLOW(munmap), ALLOW(mmap), ALLOW(rt_sigreturn), ALLOW(rt_sigprocmask), ALLOW(setitimer),
      ALLOW(exit), ALLOW(exit_group),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  struct rlimit cpu = {CHILD_CPU_SECONDS, CHILD_CPU_SECONDS}, memory = {512u << 20, 512u << 20},
                stack = {STACK_LIMIT_BYTES, STACK_LIMIT_BYTES};
  setrlimit(RLIMIT_CPU, &cpu);
  setrlimit(RLIMIT_DATA, &memory);
  setrlimit(RLIMIT_STACK, &stack);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  alarm(CHILD_WALL_SECONDS);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void on_signal(int signal, siginfo_t *info, void *context) {
  if (!S->inside) _exit(91);
  S->inside = 0;
  S->fault_address = (uint64_t)info->si_addr;
  S->fault_ip = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  siglongjmp(S->back, signal);
}

static void catch_signals(void) {
  static char stack[64 << 10];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternative, NULL);
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF, SIGXFSZ, SIGSYS};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}

static void arm(int ms) {
  struct itimerval timer = {.it_value = {ms / 1000, ms % 1000 * 1000}};
  setitimer(ITIMER_PROF, &timer, NULL);
}

__attribute__((noinline)) static void paint_stack(void) {
  char area[STACK_PAINT_BYTES];
  memset(area, S->fill, sizeof area);
  __asm__ volatile("" ::"r"(area) : "memory");
}

static size_t data_bytes(void) { return _end - __data_start; }

static void fill_pads(void) {
  if (&llmc_pad_count == NULL) return;
  for (int64_t i = 0; i < llmc_pad_count; i++) memset(llmc_pads[i].address, S->fill, llmc_pads[i].bytes);
}

static void put_back_data(void) {
  memcpy(__data_start, S->data_copy, data_bytes());
  fill_pads();
  S->heap_next = S->heap;
  S->undefined = S->calls = S->callbacks = 0;
  S->call_hash = 0;
  memset(S->result, 0, sizeof S->result);
  if (&llmc_coverage_count != NULL) memset(llmc_coverage, 0, llmc_coverage_count);
}

/* 0: it returned. A signal's number: it trapped. EXITED: it ended the program. Memory is as the call left it. */
int run_once(const struct function *f) {
  put_back_data();
  int outcome = sigsetjmp(S->back, 1);
  if (outcome == 0) {
    arm(S->limit_ms);
    S->inside = 1;
    paint_stack(); /* last: any call after it would leave its own words where the function's variables come to lie */
    f->stub(S->slots, S->result);
  }
  S->inside = 0;
  arm(0);
  return outcome;
}

static void child(const struct function *f, const char *inputs, int from, int show) {
  char here;
  S->stack_high = &here + 4096;
  S->stack_low = &here - STACK_LIMIT_BYTES;
  reset_output();
  catch_signals();
  enter_sandbox();
  int traps = 0;
  for (int i = from; inputs[i] != 0; i++) {
    if (inputs[i] != '1') continue;
    S->input = i;
    make_input(f, i, 0);
    if (show) print_input(f);
    int outcome = run_once(f);
    S->reported = i;
    report(f, outcome);
    if ((outcome == 0 || outcome == EXITED) && !S->undefined && ++S->good >= S->wanted) _exit(0);
    if (outcome == SIGPROF && ++S->timeouts >= MAX_TIMEOUTS) _exit(0);
    if (outcome == 0 || outcome == EXITED) continue;
    if (S->judging) _exit(0);
    if (++traps >= MAX_TRAPS) _exit(1); /* the next input gets a fresh process */
  }
  _exit(0);
}

static int wait_for(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void explore(const struct function *f) {
  pid_t pid = fork();
  if (pid == 0) {
    reset_output();
    catch_signals();
    enter_sandbox();
    find_shape(f);
    _exit(0);
  }
  wait_for(pid);
  S->out_used = 0;
  say("S %d ", S->function);
  for (int a = 0; a < MAX_ARGS; a++)
    if (S->shape.callback_arg[a]) say("a%d;", a);
  for (int w = 0; w < S->shape.word_count; w++) {
    const struct word *word = &S->shape.words[w];
    say("%d.%d.%d.%d;", word->buffer, word->offset, word->child, word->kind);
  }
  say("-\n");
  flush_out();
}

static void run_all(const struct function *f, const char *inputs, int show) {
  int from = 0;
  S->timeouts = S->good = 0;
  memset(S->coverage, 0, sizeof S->coverage);
  while (inputs[from] != 0) {
    S->input = from;
    S->reported = -1;
    S->out_used = 0;
    pid_t pid = fork();
    if (pid == 0) child(f, inputs, from, show);
    int ended = wait_for(pid);
    if (ended == 0) break;
    if (S->reported != S->input) {
      S->out_used = 0;
      say("R %d %d died\n", S->function, S->input);
      flush_out();
    }
    from = S->input + 1;
  }
  if (&llmc_coverage_count == NULL) return;
  say("C %d ", S->function);
  for (int64_t i = 0; i < llmc_coverage_count && i < (int64_t)sizeof S->coverage; i++)
    if (S->coverage[i]) say("%d,", (int)i);
  say("-\n");
  flush_out();
}

static void read_shape(const char *text) {
  memset(&S->shape, 0, sizeof S->shape);
  S->shape.buffer_count = MAX_ARGS;
  int arg, buffer, offset, next, kind;
  for (; text != NULL && *text != '-'; text = strchr(text, ';') + 1) {
    if (sscanf(text, "a%d", &arg) == 1) S->shape.callback_arg[arg] = 1;
    else if (sscanf(text, "%d.%d.%d.%d", &buffer, &offset, &next, &kind) == 4) {
      S->shape.words[S->shape.word_count++] = (struct word){buffer, offset, next, kind};
      if (kind == WORD_BUFFER && next >= S->shape.buffer_count) S->shape.buffer_count = next + 1;
    }
  }
}

static void read_inputs(char *wanted, const char *text) {
  memset(wanted, '0', MAX_INPUTS);
  int top = 0;
  for (char *end; *text >= '0' && *text <= '9'; text = *end == ',' ? end + 1 : end) {
    int low = strtol(text, &end, 10), high = low;
    if (*end == '-') high = strtol(end + 1, &end, 10);
    for (int i = low; i <= high && i < MAX_INPUTS; i++) wanted[i] = '1', top = i + 1;
  }
  wanted[top] = 0;
}

static void make_memory(void) {
  map(ARENA, (size_t)MAX_BUFFERS * BUFFER_STRIDE, PROT_NONE);
  for (int i = 0; i < MAX_BUFFERS; i++) mprotect(buffer_at(i), BUFFER_BYTES, PROT_READ | PROT_WRITE);
  S->heap = HEAP_FIRST + S->heap_index * HEAP_APART;
  map(S->heap, HEAP_BYTES, PROT_READ | PROT_WRITE);
  S->data_copy = mmap(NULL, data_bytes() + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* One address for callbacks in every build: movabs rax, target; jmp rax. */
static void make_thunk(void) {
  extern void llmc_callback(void);
  unsigned char code[] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0};
  void *target = (void *)llmc_callback;
  memcpy(code + 2, &target, 8);
  map(THUNK, 4096, PROT_READ | PROT_WRITE);
  memcpy(THUNK, code, sizeof code);
  mprotect(THUNK, 4096, PROT_READ | PROT_EXEC);
}

static void redirect_output(void) {
  S->out_fd = dup(1);
  S->memory_fd = memfd_create("output", 0);
  dup2(S->memory_fd, 1);
  dup2(S->memory_fd, 2);
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  __fsetlocking(stdout, FSETLOCKING_BYCALLER); /* a trap inside printf must not leave it locked */
  __fsetlocking(stderr, FSETLOCKING_BYCALLER);
}

int main(int argc, char **argv) {
  if (argc != 7) return 92;
  int exploring = strcmp(argv[1], "explore") == 0, show = strcmp(argv[1], "show") == 0;
  S->judging = show || strcmp(argv[1], "judge") == 0;
  S->seed = strtoull(argv[2], NULL, 10);
  S->fill = atoi(argv[3]);
  S->limit_ms = atoi(argv[4]);
  S->heap_index = atoi(argv[5]);
  S->wanted = atoi(argv[6]);
  make_memory();
  make_thunk();
  redirect_output();
  char *line = NULL, *inputs = mmap(NULL, MAX_INPUTS + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  FILE *plan = stdin;
  size_t room = 0;
  memcpy(S->data_copy, __data_start, data_bytes());
  while (getline(&line, &room, plan) > 0) {
    int function, shape_at, inputs_at;
    if (sscanf(line, "F %d %n%*s %n", &function, &shape_at, &inputs_at) != 1) continue;
    if (function < 0 || function >= llmc_function_count) return 93;
    const struct function *f = &llmc_functions[function];
    S->function = function;
    S->out_used = 0;
    read_inputs(inputs, line + inputs_at);
    read_shape(line + shape_at);
    if (f->address == NULL) say("M %d\n", function), flush_out();
    else {
      if (exploring) explore(f);
      run_all(f, inputs, show);
    }
  }
  say("E\n"); /* the end: nothing was cut off */
  flush_out();
  return 0;
}
