/** C programs that do what a run must survive, and some that behave. */

export const WILD_PROGRAMS = {
  quiet: "int main(void) { return 7; }",
  prints: '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }',
  aborts: "#include <stdlib.h>\nint main(void) { abort(); }",
  endless: "int main(void) { for (volatile int i = 0;; i++) ; }",
  sleeps: "#include <unistd.h>\nint main(void) { for (;;) pause(); }",
  forks: "#include <unistd.h>\nint main(void) { for (;;) fork(); }",
  leaves: `#include <unistd.h>
int main(void) {
  if (fork() == 0) { setsid(); if (fork() == 0) { close(1); close(2); for (;;) pause(); } _exit(0); }
  usleep(100000);
  return 0;
}`,
  eats: `#include <stdlib.h>
#include <string.h>
int main(void) { for (;;) { char *p = malloc(1 << 20); if (!p) return 3; memset(p, 1, 1 << 20); } }`,
  floods:
    '#include <stdio.h>\nint main(void) { for (;;) puts("0123456789012345678901234567890123456789"); }',
  writes: `#include <stdio.h>
#include <string.h>
int main(void) {
  char block[65536], name[32];
  memset(block, 'x', sizeof block);
  for (int file = 0; file < 4; file++) {
    sprintf(name, "file%d", file);
    FILE *f = fopen(name, "w");
    for (int i = 0; f && i < 64; i++) fwrite(block, sizeof block, 1, f);
    if (!f) return 2;
    fclose(f);
  }
  return 0;
}`,
  bigFile: `#include <fcntl.h>
#include <unistd.h>
int main(void) {
  static char block[1 << 20];
  int f = open("big", O_CREAT | O_WRONLY, 0600);
  for (int i = 0; i < 1000; i++) if (write(f, block, sizeof block) <= 0) return 4;
  return 0;
}`,
  net: `#include <arpa/inet.h>
#include <sys/socket.h>
int main(void) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(0x01010101) };
  return connect(s, (struct sockaddr *)&a, sizeof a) == 0 ? 1 : 0;
}`,
  environment: `#include <stdio.h>
extern char **environ;
int main(void) { int n = 0; while (environ[n]) n++; return n; }`,
} as const;
