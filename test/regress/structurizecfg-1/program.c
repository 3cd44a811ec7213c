
typedef long unsigned int size_t;
typedef __builtin_va_list __gnuc_va_list;

typedef unsigned char __u_char;
typedef unsigned short int __u_short;
typedef unsigned int __u_int;
typedef unsigned long int __u_long;
typedef signed char __int8_t;
typedef unsigned char __uint8_t;
typedef signed short int __int16_t;
typedef unsigned short int __uint16_t;
typedef signed int __int32_t;
typedef unsigned int __uint32_t;
typedef signed long int __int64_t;
typedef unsigned long int __uint64_t;
typedef __int8_t __int_least8_t;
typedef __uint8_t __uint_least8_t;
typedef __int16_t __int_least16_t;
typedef __uint16_t __uint_least16_t;
typedef __int32_t __int_least32_t;
typedef __uint32_t __uint_least32_t;
typedef __int64_t __int_least64_t;
typedef __uint64_t __uint_least64_t;
typedef long int __quad_t;
typedef unsigned long int __u_quad_t;
typedef long int __intmax_t;
typedef unsigned long int __uintmax_t;
typedef unsigned long int __dev_t;
typedef unsigned int __uid_t;
typedef unsigned int __gid_t;
typedef unsigned long int __ino_t;
typedef unsigned long int __ino64_t;
typedef unsigned int __mode_t;
typedef unsigned long int __nlink_t;
typedef long int __off_t;
typedef long int __off64_t;
typedef int __pid_t;
typedef struct { int __val[2]; } __fsid_t;
typedef long int __clock_t;
typedef unsigned long int __rlim_t;
typedef unsigned long int __rlim64_t;
typedef unsigned int __id_t;
typedef long int __time_t;
typedef unsigned int __useconds_t;
typedef long int __suseconds_t;
typedef long int __suseconds64_t;
typedef int __daddr_t;
typedef int __key_t;
typedef int __clockid_t;
typedef void * __timer_t;
typedef long int __blksize_t;
typedef long int __blkcnt_t;
typedef long int __blkcnt64_t;
typedef unsigned long int __fsblkcnt_t;
typedef unsigned long int __fsblkcnt64_t;
typedef unsigned long int __fsfilcnt_t;
typedef unsigned long int __fsfilcnt64_t;
typedef long int __fsword_t;
typedef long int __ssize_t;
typedef long int __syscall_slong_t;
typedef unsigned long int __syscall_ulong_t;
typedef __off64_t __loff_t;
typedef char *__caddr_t;
typedef long int __intptr_t;
typedef unsigned int __socklen_t;
typedef int __sig_atomic_t;
typedef struct
{
  int __count;
  union
  {
    unsigned int __wch;
    char __wchb[4];
  } __value;
} __mbstate_t;
typedef struct _G_fpos_t
{
  __off_t __pos;
  __mbstate_t __state;
} __fpos_t;
typedef struct _G_fpos64_t
{
  __off64_t __pos;
  __mbstate_t __state;
} __fpos64_t;
struct _IO_FILE;
typedef struct _IO_FILE __FILE;
struct _IO_FILE;
typedef struct _IO_FILE FILE;
struct _IO_FILE;
struct _IO_marker;
struct _IO_codecvt;
struct _IO_wide_data;
typedef void _IO_lock_t;
struct _IO_FILE
{
  int _flags;
  char *_IO_read_ptr;
  char *_IO_read_end;
  char *_IO_read_base;
  char *_IO_write_base;
  char *_IO_write_ptr;
  char *_IO_write_end;
  char *_IO_buf_base;
  char *_IO_buf_end;
  char *_IO_save_base;
  char *_IO_backup_base;
  char *_IO_save_end;
  struct _IO_marker *_markers;
  struct _IO_FILE *_chain;
  int _fileno;
  int _flags2;
  __off_t _old_offset;
  unsigned short _cur_column;
  signed char _vtable_offset;
  char _shortbuf[1];
  _IO_lock_t *_lock;
  __off64_t _offset;
  struct _IO_codecvt *_codecvt;
  struct _IO_wide_data *_wide_data;
  struct _IO_FILE *_freeres_list;
  void *_freeres_buf;
  size_t __pad5;
  int _mode;
  char _unused2[15 * sizeof (int) - 4 * sizeof (void *) - sizeof (size_t)];
};
typedef __gnuc_va_list va_list;
typedef __off_t off_t;
typedef __ssize_t ssize_t;
typedef __fpos_t fpos_t;
extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;
extern int remove (const char *__filename) __attribute__ ((__nothrow__ ));
extern int rename (const char *__old, const char *__new) __attribute__ ((__nothrow__ ));
extern int renameat (int __oldfd, const char *__old, int __newfd,
       const char *__new) __attribute__ ((__nothrow__ ));
extern int fclose (FILE *__stream);
extern FILE *tmpfile (void)
  __attribute__ ((__malloc__)) ;
extern char *tmpnam (char[20]) __attribute__ ((__nothrow__ )) ;
extern char *tmpnam_r (char __s[20]) __attribute__ ((__nothrow__ )) ;
extern char *tempnam (const char *__dir, const char *__pfx)
   __attribute__ ((__nothrow__ )) __attribute__ ((__malloc__)) ;
extern int fflush (FILE *__stream);
extern int fflush_unlocked (FILE *__stream);
extern FILE *fopen (const char *__restrict __filename,
      const char *__restrict __modes)
  __attribute__ ((__malloc__)) ;
extern FILE *freopen (const char *__restrict __filename,
        const char *__restrict __modes,
        FILE *__restrict __stream) ;
extern FILE *fdopen (int __fd, const char *__modes) __attribute__ ((__nothrow__ ))
  __attribute__ ((__malloc__)) ;
extern FILE *fmemopen (void *__s, size_t __len, const char *__modes)
  __attribute__ ((__nothrow__ )) __attribute__ ((__malloc__)) ;
extern FILE *open_memstream (char **__bufloc, size_t *__sizeloc) __attribute__ ((__nothrow__ ))
  __attribute__ ((__malloc__)) ;
extern void setbuf (FILE *__restrict __stream, char *__restrict __buf) __attribute__ ((__nothrow__ ));
extern int setvbuf (FILE *__restrict __stream, char *__restrict __buf,
      int __modes, size_t __n) __attribute__ ((__nothrow__ ));
extern void setbuffer (FILE *__restrict __stream, char *__restrict __buf,
         size_t __size) __attribute__ ((__nothrow__ ));
extern void setlinebuf (FILE *__stream) __attribute__ ((__nothrow__ ));
extern int fprintf (FILE *__restrict __stream,
      const char *__restrict __format, ...);
extern int printf (const char *__restrict __format, ...);
extern int sprintf (char *__restrict __s,
      const char *__restrict __format, ...) __attribute__ ((__nothrow__));
extern int vfprintf (FILE *__restrict __s, const char *__restrict __format,
       __gnuc_va_list __arg);
extern int vprintf (const char *__restrict __format, __gnuc_va_list __arg);
extern int vsprintf (char *__restrict __s, const char *__restrict __format,
       __gnuc_va_list __arg) __attribute__ ((__nothrow__));
extern int snprintf (char *__restrict __s, size_t __maxlen,
       const char *__restrict __format, ...)
     __attribute__ ((__nothrow__)) __attribute__ ((__format__ (__printf__, 3, 4)));
extern int vsnprintf (char *__restrict __s, size_t __maxlen,
        const char *__restrict __format, __gnuc_va_list __arg)
     __attribute__ ((__nothrow__)) __attribute__ ((__format__ (__printf__, 3, 0)));
extern int vdprintf (int __fd, const char *__restrict __fmt,
       __gnuc_va_list __arg)
     __attribute__ ((__format__ (__printf__, 2, 0)));
extern int dprintf (int __fd, const char *__restrict __fmt, ...)
     __attribute__ ((__format__ (__printf__, 2, 3)));
extern int fscanf (FILE *__restrict __stream,
     const char *__restrict __format, ...) ;
extern int scanf (const char *__restrict __format, ...) ;
extern int sscanf (const char *__restrict __s,
     const char *__restrict __format, ...) __attribute__ ((__nothrow__ ));
typedef float _Float32;
typedef double _Float64;
typedef double _Float32x;
typedef long double _Float64x;
extern int fscanf (FILE *__restrict __stream, const char *__restrict __format, ...) __asm__ ("" "__isoc99_fscanf") ;
extern int scanf (const char *__restrict __format, ...) __asm__ ("" "__isoc99_scanf") ;
extern int sscanf (const char *__restrict __s, const char *__restrict __format, ...) __asm__ ("" "__isoc99_sscanf") __attribute__ ((__nothrow__ ));
extern int vfscanf (FILE *__restrict __s, const char *__restrict __format,
      __gnuc_va_list __arg)
     __attribute__ ((__format__ (__scanf__, 2, 0))) ;
extern int vscanf (const char *__restrict __format, __gnuc_va_list __arg)
     __attribute__ ((__format__ (__scanf__, 1, 0))) ;
extern int vsscanf (const char *__restrict __s,
      const char *__restrict __format, __gnuc_va_list __arg)
     __attribute__ ((__nothrow__ )) __attribute__ ((__format__ (__scanf__, 2, 0)));
extern int vfscanf (FILE *__restrict __s, const char *__restrict __format, __gnuc_va_list __arg) __asm__ ("" "__isoc99_vfscanf")
     __attribute__ ((__format__ (__scanf__, 2, 0))) ;
extern int vscanf (const char *__restrict __format, __gnuc_va_list __arg) __asm__ ("" "__isoc99_vscanf")
     __attribute__ ((__format__ (__scanf__, 1, 0))) ;
extern int vsscanf (const char *__restrict __s, const char *__restrict __format, __gnuc_va_list __arg) __asm__ ("" "__isoc99_vsscanf") __attribute__ ((__nothrow__ ))
     __attribute__ ((__format__ (__scanf__, 2, 0)));
extern int fgetc (FILE *__stream);
extern int getc (FILE *__stream);
extern int getchar (void);
extern int getc_unlocked (FILE *__stream);
extern int getchar_unlocked (void);
extern int fgetc_unlocked (FILE *__stream);
extern int fputc (int __c, FILE *__stream);
extern int putc (int __c, FILE *__stream);
extern int putchar (int __c);
extern int fputc_unlocked (int __c, FILE *__stream);
extern int putc_unlocked (int __c, FILE *__stream);
extern int putchar_unlocked (int __c);
extern int getw (FILE *__stream);
extern int putw (int __w, FILE *__stream);
extern char *fgets (char *__restrict __s, int __n, FILE *__restrict __stream)
                                                         ;
extern __ssize_t __getdelim (char **__restrict __lineptr,
                             size_t *__restrict __n, int __delimiter,
                             FILE *__restrict __stream) ;
extern __ssize_t getdelim (char **__restrict __lineptr,
                           size_t *__restrict __n, int __delimiter,
                           FILE *__restrict __stream) ;
extern __ssize_t getline (char **__restrict __lineptr,
                          size_t *__restrict __n,
                          FILE *__restrict __stream) ;
extern int fputs (const char *__restrict __s, FILE *__restrict __stream);
extern int puts (const char *__s);
extern int ungetc (int __c, FILE *__stream);
extern size_t fread (void *__restrict __ptr, size_t __size,
       size_t __n, FILE *__restrict __stream) ;
extern size_t fwrite (const void *__restrict __ptr, size_t __size,
        size_t __n, FILE *__restrict __s);
extern size_t fread_unlocked (void *__restrict __ptr, size_t __size,
         size_t __n, FILE *__restrict __stream) ;
extern size_t fwrite_unlocked (const void *__restrict __ptr, size_t __size,
          size_t __n, FILE *__restrict __stream);
extern int fseek (FILE *__stream, long int __off, int __whence);
extern long int ftell (FILE *__stream) ;
extern void rewind (FILE *__stream);
extern int fseeko (FILE *__stream, __off_t __off, int __whence);
extern __off_t ftello (FILE *__stream) ;
extern int fgetpos (FILE *__restrict __stream, fpos_t *__restrict __pos);
extern int fsetpos (FILE *__stream, const fpos_t *__pos);
extern void clearerr (FILE *__stream) __attribute__ ((__nothrow__ ));
extern int feof (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern int ferror (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern void clearerr_unlocked (FILE *__stream) __attribute__ ((__nothrow__ ));
extern int feof_unlocked (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern int ferror_unlocked (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern void perror (const char *__s);
extern int fileno (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern int fileno_unlocked (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern int pclose (FILE *__stream);
extern FILE *popen (const char *__command, const char *__modes)
  __attribute__ ((__malloc__)) ;
extern char *ctermid (char *__s) __attribute__ ((__nothrow__ ))
                                     ;
extern void flockfile (FILE *__stream) __attribute__ ((__nothrow__ ));
extern int ftrylockfile (FILE *__stream) __attribute__ ((__nothrow__ )) ;
extern void funlockfile (FILE *__stream) __attribute__ ((__nothrow__ ));
extern int __uflow (FILE *);
extern int __overflow (FILE *, int);
#pragma STDC FP_CONTRACT OFF
static int failures_;
__attribute__((unused)) __attribute__((noinline)) static void check_(int line, const char *claim, int holds) {
  if (holds) return;
  failures_++;
  printf("FAILED line %d: %s\n", line, claim);
}
__attribute__((unused)) __attribute__((noinline)) static void check_eq_(int line, const char *what, unsigned long long seen,
                                      unsigned long long wanted) {
  if (seen == wanted) return;
  failures_++;
  printf("FAILED line %d: %s is %llx, wanted %llx\n", line, what, seen, wanted);
}
__attribute__((unused)) static int verdict(void) { return failures_ == 0 ? 0 : 1; }

enum color { RED, GREEN, BLUE, CYAN, MAGENTA, YELLOW, KEY };
static int trail;
__attribute__((noinline)) static void step(int v) { trail = (trail * 7 + v) % 100003; }
__attribute__((noinline)) static int dense(int x) {
  switch (x) {
  case -3: step(1); return 11;
  case -2: step(2); return 22;
  case -1: step(3); return 3;
  case 0: step(9); return -4;
  case 1: step(5); return 5;
  case 3: step(6); return 66;
  case 4: step(7); return 7;
  case 5: step(8); return 88;
  default: return 0;
  }
}
__attribute__((noinline)) static int fall_through(int x) {
  int r = 0;
  switch (x) {
  case 6: r += 100000;
  case 5: r += 20000;
  default: r += 3000;
  case 3: r += 400;
  case 2: r += 50; break;
  case 1: r += 6;
  case 0: r += 7;
  }
  return r;
}
__attribute__((noinline)) static int ranges(unsigned char c) {
  switch (c) {
  case '0' ... '9': return 1;
  case 'a' ... 'f': return 2;
  case 'A' ... 'F': return 3;
  case '_': return 4;
  case 0x80 ... 0xff: return 5;
  }
  return 0;
}
__attribute__((noinline)) static int on_enum(enum color c) {
  switch (c) {
  case RED: return dense(0);
  case GREEN: return dense(1);
  case BLUE: return dense(-1);
  case CYAN: step(40); return 40;
  case MAGENTA: step(41); return 40;
  case YELLOW: step(40); return 40;
  case KEY: break;
  }
  return -1;
}
__attribute__((noinline)) static int at_the_limit(int x) {
  switch (x) {
  case (-2147483647 -1): return 1;
  case (-2147483647 -1) + 1: return 2;
  case (-2147483647 -1) + 2: return 3;
  case (-2147483647 -1) + 3: return 5;
  case 2147483647: return 7;
  case 2147483647 - 1: return 11;
  default: return 0;
  }
}
__attribute__((noinline)) static int nested(int x, int y) {
  switch (x) {
  case 0: switch (y) { case 0: return 1; case 1: return 2; case 2: return 4; case 3: return 8; default: break; } break;
  case 1: return y > 2 ? 16 : 32;
  case 2: switch (y) { default: return 64; case 3: break; } break;
  case 3: switch (x + y) { case 3: return 128; case 4: return 256; case 5: return 512; case 6: return 1024; case 7: return 2; }
  }
  return -x * 10 - y;
}
__attribute__((noinline)) static int in_loop(const char *s) {
  int n = 0;
  for (; *s; s++) {
    switch (*s) {
    case 'a': n += 1; break;
    case 'b': n *= 2; continue;
    case 'c': if (n > 20) return n; break;
    case 'd': n -= 3;
    case 'e': s += s[1] != 0; break;
    default: continue;
    }
    n += 10;
  }
  return -n;
}
int main(void) {
  const int wanted[] = {0, 11, 22, 3, -4, 5, 0, 66, 7, 88, 0, 0};
  for (int x = -4; x < 8; x++) check_eq_(95, "dense(HIDE(x))", (unsigned long long)(dense(__extension__({ volatile __typeof__(x) hidden_ = (x); hidden_; }))), (unsigned long long)(wanted[x + 4]));
  check_(96, "dense(HIDE(INT_MAX)) == 0 && dense(HIDE(INT_MIN)) == 0 && dense(-3) == 11", (dense(__extension__({ volatile __typeof__(2147483647) hidden_ = (2147483647); hidden_; })) == 0 && dense(__extension__({ volatile __typeof__((-2147483647 -1)) hidden_ = ((-2147483647 -1)); hidden_; })) == 0 && dense(-3) == 11) ? 1 : 0);
  const int falls[] = {7, 13, 50, 450, 3450, 23450, 123450, 3450};
  for (int x = 0; x < 8; x++) check_eq_(98, "fall_through(HIDE(x))", (unsigned long long)(fall_through(__extension__({ volatile __typeof__(x) hidden_ = (x); hidden_; }))), (unsigned long long)(falls[x]));
  int counts[6] = {0};
  for (int c = 0; c < 256; c++) counts[ranges(__extension__({ volatile __typeof__((unsigned char)c) hidden_ = ((unsigned char)c); hidden_; }))]++;
  check_(101, "counts[1] == 10 && counts[2] == 6 && counts[3] == 6 && counts[4] == 1 && counts[5] == 128", (counts[1] == 10 && counts[2] == 6 && counts[3] == 6 && counts[4] == 1 && counts[5] == 128) ? 1 : 0);
  int sum = 0;
  for (int c = RED; c <= KEY; c++) sum = sum * 3 + on_enum((enum color)__extension__({ volatile __typeof__(c) hidden_ = (c); hidden_; }));
  check_eq_(104, "sum", (unsigned long long)(sum), (unsigned long long)(((((((-4 * 3 + 5) * 3 + 3) * 3 + 40) * 3 + 40) * 3 + 40) * 3) - 1));
  check_(105, "at_the_limit(HIDE(INT_MIN)) * at_the_limit(INT_MIN + HIDE(3)) * at_the_limit(HIDE(INT_MAX)) == 35", (at_the_limit(__extension__({ volatile __typeof__((-2147483647 -1)) hidden_ = ((-2147483647 -1)); hidden_; })) * at_the_limit((-2147483647 -1) + __extension__({ volatile __typeof__(3) hidden_ = (3); hidden_; })) * at_the_limit(__extension__({ volatile __typeof__(2147483647) hidden_ = (2147483647); hidden_; })) == 35) ? 1 : 0);
  check_(106, "at_the_limit(INT_MAX - HIDE(1)) == 11 && at_the_limit(INT_MIN + HIDE(4)) == 0 && at_the_limit(HIDE(0)) == 0", (at_the_limit(2147483647 - __extension__({ volatile __typeof__(1) hidden_ = (1); hidden_; })) == 11 && at_the_limit((-2147483647 -1) + __extension__({ volatile __typeof__(4) hidden_ = (4); hidden_; })) == 0 && at_the_limit(__extension__({ volatile __typeof__(0) hidden_ = (0); hidden_; })) == 0) ? 1 : 0);
  int total = 0;
  for (int x = -1; x < 5; x++) for (int y = -1; y < 5; y++) total += nested(__extension__({ volatile __typeof__(x) hidden_ = (x); hidden_; }), __extension__({ volatile __typeof__(y) hidden_ = (y); hidden_; }));
  check_eq_(110, "total", (unsigned long long)(total), (unsigned long long)(1 + 2 + 4 + 8 + 32 * 4 + 16 * 2 + 64 * 5 + 128 + 256 + 512 + 1024 + 2 + (60 - 9) + (1 - 4) + (-20 - 3) + (-30 + 1) + (-240 - 9)));
  check_eq_(111, "in_loop(HIDE((const char *)\"aabzca\"))", (unsigned long long)(in_loop(__extension__({ volatile __typeof__((const char *)"aabzca") hidden_ = ((const char *)"aabzca"); hidden_; }))), (unsigned long long)(44));
  check_eq_(112, "in_loop(HIDE((const char *)\"aedbda\"))", (unsigned long long)(in_loop(__extension__({ volatile __typeof__((const char *)"aedbda") hidden_ = ((const char *)"aedbda"); hidden_; }))), (unsigned long long)(-49));
  printf("%d %d %d\n", trail, total, sum);
  return verdict();
}
