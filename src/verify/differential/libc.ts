/**
 * What a driven function may really call. Everything else outside of the module is stood in for by a stub that logs
 * the call and makes up a result (runtime/externals.c), so that nothing that the module does leaves the driver.
 */

/** Pure, or acting on memory it is given, or writing to stdout (which is captured). LLVM turns some into others. */
const REAL = new Set(
  (
    "memcpy memmove memset memcmp memchr memrchr mempcpy memccpy bcmp bcopy bzero " +
    "strlen strnlen strcpy strncpy strcat strncat strcmp strncmp strcasecmp strncasecmp strchr strrchr strstr strcasestr " +
    "strspn strcspn strpbrk strtok_r strsep stpcpy stpncpy strcoll strchrnul rawmemchr strlcpy strlcat " +
    "atoi atol atoll atof strtol strtoul strtoll strtoull strtod strtof strtold __isoc23_strtol __isoc23_strtoul " +
    "__isoc23_strtoll __isoc23_strtoull " +
    "isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower " +
    "toupper toascii __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc __errno_location " +
    "abs labs llabs div ldiv lldiv ffs ffsl ffsll qsort bsearch htonl htons ntohl ntohs " +
    "printf vprintf puts putchar putc fputc fputs fwrite fprintf vfprintf sprintf snprintf vsprintf vsnprintf sscanf " +
    "__isoc99_sscanf __isoc23_sscanf __printf_chk __fprintf_chk __sprintf_chk __snprintf_chk __vsnprintf_chk __vsprintf_chk " +
    "__memcpy_chk __memmove_chk __memset_chk __strcpy_chk __strncpy_chk __strcat_chk __strncat_chk __stpcpy_chk " +
    "putchar_unlocked putc_unlocked fputc_unlocked fputs_unlocked puts_unlocked fwrite_unlocked fflush perror " +
    "setjmp _setjmp __sigsetjmp longjmp __longjmp_chk sigsetjmp siglongjmp __stack_chk_fail " +
    "iswalnum iswalpha iswdigit iswspace iswupper iswlower towlower towupper wcslen wcscmp wcscpy wmemset wmemcpy wmemcmp"
  ).split(" "),
);

const MATH =
  /^(?:sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|exp|exp2|exp10|expm1|log|log2|log10|log1p|logb|ilogb|pow|sqrt|cbrt|hypot|erf|erfc|tgamma|lgamma|ceil|floor|trunc|round|lround|llround|rint|lrint|llrint|nearbyint|roundeven|fmod|remainder|remquo|modf|frexp|ldexp|scalbn|scalbln|copysign|nextafter|nexttoward|fdim|fmax|fmin|fma|fabs|nan|sincos|c(?:abs|arg|exp|log|pow|sqrt|real|imag|onj|proj))(?:f|l)?$/;

/** Arithmetic of the compiler's own support library: __udivti3, __mulxc3, __floattidf. */
const COMPILER_SUPPORT =
  /^__(?:u?div|u?mod|u?divmod|mul|neg|ashl|ashr|lshr|abs|add|sub|cmp|ucmp|ffs|clz|ctz|parity|popcount|bswap|fix|fixuns|float|floatun|extend|trunc|eq|ne|lt|le|gt|ge|unord|pow)[a-z]*(?:[sdtx][if]|[sdtxh]c|i|f)\d*$/;

/** Provided by runtime/externals.c: a heap that is the same in every build, and painted. */
export const RUNTIME: Readonly<Record<string, string>> = {
  malloc: "malloc",
  calloc: "calloc",
  realloc: "realloc",
  free: "free",
  cfree: "free",
  aligned_alloc: "aligned_alloc",
  memalign: "aligned_alloc",
  strdup: "strdup",
  strndup: "strndup",
  __strdup: "strdup",
  __strndup: "strndup",
  _Znwm: "malloc",
  _Znam: "malloc",
  _ZdlPv: "free",
  _ZdaPv: "free",
  _ZdlPvm: "free",
  _ZdaPvm: "free",
};

/** LLVM knows these by name and may remove or merge calls of them, so calls must not be compared. */
const REMOVABLE = new Set([
  "getenv",
  "reallocarray",
  "reallocf",
  "valloc",
  "pvalloc",
  "posix_memalign",
]);

/** Streams and the environment, as they are. */
const REAL_DATA = new Set([
  "stdin",
  "stdout",
  "stderr",
  "environ",
  "__environ",
  "__progname",
  "program_invocation_name",
]);

export const isRealFunction = (symbol: string): boolean =>
  REAL.has(symbol) || MATH.test(symbol) || COMPILER_SUPPORT.test(symbol);
export const isRealData = (symbol: string): boolean => REAL_DATA.has(symbol);
export const isRemovable = (symbol: string): boolean => REMOVABLE.has(symbol);
