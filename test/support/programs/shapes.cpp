// C++: virtual calls, templates, exceptions, static construction. No library headers, so it compiles for any target.
struct Shape {
  virtual ~Shape() {}
  virtual long area() const = 0;
  virtual long perimeter() const { return 0; }
};
struct Rectangle : Shape {
  long w, h;
  Rectangle(long w, long h) : w(w), h(h) { if (w < 0 || h < 0) throw w < h ? w : h; }
  long area() const override { return w * h; }
  long perimeter() const override { return 2 * (w + h); }
};
struct Square : Rectangle {
  explicit Square(long side) : Rectangle(side, side) {}
};
template <typename T> T clamp(T value, T low, T high) { return value < low ? low : value > high ? high : value; }
template <typename T, int N> struct Ring {
  T items[N] = {};
  int next = 0;
  void push(T item) { items[next] = item; next = (next + 1) % N; }
  T total() const { T sum = 0; for (int i = 0; i < N; i++) sum += items[i]; return sum; }
};
static Ring<long, 8> areas;
static Ring<int, 5> kinds;
long measure(const Shape &shape) {
  areas.push(clamp(shape.area(), 0L, 1000L));
  kinds.push(clamp(static_cast<int>(shape.perimeter()), 0, 100));
  return areas.total() + kinds.total();
}
long rectangle(long w, long h) {
  try { return measure(Rectangle(w, h)); } catch (long side) { return side; }
}
long square(long side) {
  try { return measure(Square(side)); } catch (long wrong) { return wrong * 2; }
}
