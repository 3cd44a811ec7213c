// Aims at: templates: many similar instances that merging could mix up, CRTP, folds.
#include "check.h"
#include <array>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

template <class T> struct limits { static constexpr T most = std::is_signed_v<T>
    ? static_cast<T>((std::uint64_t{1} << (sizeof(T) * 8 - 1)) - 1) : static_cast<T>(-1); };
template <class T> NOINLINE T saturate(std::int64_t v) {
  if (v < 0 && std::is_unsigned_v<T>) return 0;
  if (v > static_cast<std::int64_t>(limits<T>::most)) return limits<T>::most;
  if (std::is_signed_v<T>
      && v < -static_cast<std::int64_t>(limits<T>::most) - 1) return static_cast<T>(-limits<T>::most - 1);
  return static_cast<T>(v);
}
template <class T> NOINLINE T mean(const T *p, int n) { // same source, other widths and divisions
  T sum = 0;
  for (int i = 0; i < n; i++) sum = static_cast<T>(sum + p[i]);
  return static_cast<T>(sum / static_cast<T>(n));
}
template <int N> NOINLINE int scaled(int x) { return x * N / (N + 1) + N; }
template <int... Ns> int sum_scaled(int x, std::integer_sequence<int, Ns...>) {
  return (0 + ... + scaled<Ns>(x));
}

template <class D> struct counter { // CRTP: a static per instance
  static inline int made = 0;
  counter() { made++; }
  int twice() const { return 2 * static_cast<const D *>(this)->value(); }
};
struct one : counter<one> { int value() const { return 1; } };
struct two : counter<two> { int v = 2; int value() const { return v; } };

template <class T, class... Rest> constexpr int count_integers(T, Rest... rest) {
  constexpr int here = std::is_integral_v<T> ? 1 : 0;
  if constexpr (sizeof...(rest) == 0) return here;
  else return here + count_integers(rest...);
}
template <class... Ts> NOINLINE static std::uint32_t hash_all(const Ts &...values) {
  std::uint32_t h = 2166136261u;
  ((h = (h ^ static_cast<std::uint32_t>(values)) * 16777619u), ...);
  return h;
}
template <class T> struct matrix2 { T a, b, c, d; };
template <class T> matrix2<T> operator*(const matrix2<T> &x, const matrix2<T> &y) {
  return {static_cast<T>(x.a * y.a + x.b * y.c), static_cast<T>(x.a * y.b + x.b * y.d),
      static_cast<T>(x.c * y.a + x.d * y.c), static_cast<T>(x.c * y.b + x.d * y.d)};
}
template <class T> NOINLINE T fibonacci(unsigned n) {
  matrix2<T> r{1, 0, 0, 1}, m{1, 1, 1, 0};
  for (; n; n >>= 1, m = m * m) if (n & 1) r = r * m;
  return r.b;
}
template <std::size_t N> constexpr std::array<std::uint8_t, N> squares() {
  std::array<std::uint8_t, N> out{};
  for (std::size_t i = 0; i < N; i++) out[i] = static_cast<std::uint8_t>(i * i);
  return out;
}
template <class F, class Tuple,
    std::size_t... I> int fold_tuple(F f, const Tuple &t, std::index_sequence<I...>) {
  int r = 0;
  ((r = f(r, std::get<I>(t))), ...);
  return r;
}
template <class T> auto size_class(const T &t) -> decltype(t.size(), 0) {
  return static_cast<int>(t.size());
}
static int size_class(...) { return -1; }
template <template <class> class Wrap, class T> struct rebind { using type = Wrap<T *>; };
template <class T> struct boxed { T v; static constexpr int depth = 1; };
template <class T> struct boxed<T *> { T *v; static constexpr int depth = 1 + boxed<T>::depth; };
NOINLINE static unsigned gcd(unsigned a, unsigned b) { return b ? gcd(b, a % b) : a; }
template <unsigned A, unsigned B> struct static_gcd { static constexpr unsigned value =
    static_gcd<B, A % B>::value; };
template <unsigned A> struct static_gcd<A, 0> { static constexpr unsigned value = A; };

int main() {
  std::int64_t v = HIDE(std::int64_t{-70000});
  CHECK(saturate<std::int8_t>(v) == -128 && saturate<std::uint8_t>(v) == 0
      && saturate<std::int16_t>(v) == -32768 && saturate<std::int32_t>(v) == v);
  v = HIDE(std::int64_t{70000});
  CHECK(saturate<std::int8_t>(v) == 127 && saturate<std::uint8_t>(v) == 255
      && saturate<std::uint16_t>(v) == 65535 && saturate<std::uint32_t>(v) == v);
  const signed char sc[] = {-100, HIDE(static_cast<signed char>(-50)), 20};
  const unsigned char uc[] = {200, HIDE(static_cast<unsigned char>(100)), 6};
  const short ss[] = {-7, HIDE(static_cast<short>(0)), 0};
  const double dd[] = {1, HIDE(2.0), 4.5};
  CHECK(mean(sc, 3) == (126 / 3) && mean(uc, 3) == 50 / 3 && mean(ss, 3) == -2
      && mean(dd, 3) == 2.5);
  int sum = 0;
  for (int n = 0; n < 8; n++) sum += 20 * n / (n + 1) + n;
  CHECK_EQ(sum_scaled(HIDE(20), std::make_integer_sequence<int, 8>{}), sum);
  one a, b;
  two c;
  c.v = HIDE(21);
  CHECK(a.twice() + b.twice() == 4 && c.twice() == 42 && counter<one>::made == 2
      && counter<two>::made == 1);
  CHECK(count_integers(1, 2.0, 'c', "s", 4u, nullptr, true) == 4);
  std::uint32_t h = hash_all(HIDE(1), 2L, 'x', 3.75);
  CHECK(h == hash_all(1, 2, HIDE(120), 3u) && h != hash_all(2, 1, 120, 3));
  CHECK(fibonacci<std::uint8_t>(HIDE(20u)) == (6765 & 255)
      && fibonacci<std::uint32_t>(47) == 2971215073u
      && fibonacci<std::uint64_t>(HIDE(90u)) == 2880067194370816120);
  constexpr auto table = squares<40>();
  int at = HIDE(17);
  CHECK(table[static_cast<std::size_t>(at)] == 289 % 256 && table[39] == 1521 % 256);
  auto t = std::make_tuple(HIDE(3), 2.5, 'a');
  CHECK_EQ(fold_tuple([](int r, auto x) { return r * 10 + static_cast<int>(x); }, t,
      std::make_index_sequence<3>{}), 320 + 97);
  CHECK(size_class(table) == 40 && size_class(5) == -1);
  CHECK(boxed<int ***>::depth == 4 && rebind<boxed, char *>::type::depth == 3);
  CHECK(static_gcd<3528, 3780>::value == gcd(HIDE(3528u), 3780) && gcd(HIDE(17u), 0) == 17);
  printf("%u %d\n", h, sum);
  return verdict();
}
