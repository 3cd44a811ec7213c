// Aims at: std::string across its small-buffer limit, string_view, stringstream, conversions.
#include "check.h"
#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

NOINLINE static std::string repeat(std::string_view unit, int n) {
  std::string s;
  while (n--) s += unit;
  return s;
}
NOINLINE static std::vector<std::string> split(const std::string &s, char by) {
  std::vector<std::string> parts;
  size_t from = 0, at;
  while ((at = s.find(by, from)) != std::string::npos) parts.push_back(s.substr(from, at - from)),
      from = at + 1;
  parts.push_back(s.substr(from));
  return parts;
}
NOINLINE static std::string replace_all(std::string s, const std::string &what,
    const std::string &with) {
  for (size_t at = 0; (at = s.find(what, at)) != std::string::npos;
      at += with.size()) s.replace(at, what.size(), with);
  return s;
}
NOINLINE static std::string add_decimals(const std::string &a, const std::string &b) {
  std::string r;
  int carry = 0;
  for (size_t i = 0; i < std::max(a.size(), b.size()) || carry; i++) {
    int d = carry + (i < a.size() ? a[a.size() - 1 - i] - '0' : 0) +
        (i < b.size() ? b[b.size() - 1 - i] - '0' : 0);
    r.push_back(static_cast<char>('0' + d % 10));
    carry = d / 10;
  }
  std::reverse(r.begin(), r.end());
  return r.empty() ? "0" : r;
}
NOINLINE static std::string roman(int n) {
  static const std::pair<int, const char *> digits[] =
      {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}};
  std::string s;
  for (const auto &[value, text] : digits) while (n >= value) s += text, n -= value;
  return s;
}
NOINLINE static int from_roman(std::string_view s) {
  int total = 0, last = 0;
  for (auto it = s.rbegin(); it != s.rend(); ++it) {
    int v = *it == 'M' ? 1000 : *it == 'D' ? 500 : *it == 'C' ? 100 : *it == 'L' ? 50 : *it == 'X'
        ? 10 : *it == 'V' ? 5 : 1;
    total += v < last ? -v : v;
    last = std::max(last, v);
  }
  return total;
}
NOINLINE static int distance(std::string_view a, std::string_view b) { // Levenshtein
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); i++) {
    int diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); j++) {
      int best = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row.back();
}

int main() {
  for (int n = 0; n < 40; n++) { // over the boundary between the small buffer and the heap
    std::string s = repeat("ab", HIDE(n)), copy = s, moved = std::move(copy);
    CHECK(s.size() == static_cast<size_t>(2 * n) && moved == s
        && std::count(s.begin(), s.end(), 'a') == n);
    moved += '!';
    s.insert(s.size() / 2, "|").append(3, '.');
    CHECK(moved.size() + 3 == s.size() && s.find('|') == static_cast<size_t>(n)
        && s.compare(moved) != 0);
    s.swap(moved);
    s.erase(s.begin());
    CHECK(s.size() == static_cast<size_t>(2 * n) && (n == 0 || s.back() == '!'));
    s.assign(s, s.size() / 2, 4); // from itself
    CHECK(s.size() == static_cast<size_t>(std::min(4, n)));
  }
  auto parts = split(HIDE((const char *)"one,,three,"), ',');
  CHECK(parts.size() == 4 && parts[1].empty() && parts[2] == "three" && parts[3].empty()
      && split("", ',').size() == 1);
  CHECK(replace_all("aXbXXc", "X", "YY") == "aYYbYYYYc" && replace_all("aaaa", "aa", "a") == "aa"
      && replace_all("abc", "abc", "") == "");
  std::string f1 = "0", f2 = "1";
  for (int i = 0; i < 150; i++) { std::string t = add_decimals(f1, f2); f1 = f2; f2 = t; }
  CHECK(f1 == "9969216677189303386214405760200");
  for (int n = 1; n < 4000; n += 37) CHECK_EQ(from_roman(roman(HIDE(n))), n);
  CHECK(roman(1994) == "MCMXCIV" && distance("kitten", HIDE((const char *)"sitting")) == 3
      && distance("", "abc") == 3);

  std::istringstream in("12 apples 3.5 0x1f\nlast line\n");
  int count, hexadecimal;
  std::string word, line;
  double number;
  in >> count >> word >> number >> std::hex >> hexadecimal;
  std::getline(in, line);
  std::getline(in, line);
  CHECK(count == 12 && word == "apples" && number == 3.5 && hexadecimal == 31
      && line == "last line" && !std::getline(in, line));
  std::ostringstream out;
  out << HIDE(42) << ' ' << std::hex << 255 << std::dec << ' ' << 2.5 << ' ' << true << ' ' << 'c' << ' ' << -7L;
  CHECK(out.str() == "42 ff 2.5 1 c -7");
  CHECK(std::stoi("-12x") == -12 && std::stoul("ff", nullptr, 16) == 255
      && std::to_string(HIDE(-1)) == "-1");
  bool thrown = false;
  try { (void)std::stoi(HIDE((const char *)"none")); } catch (const std::invalid_argument &) {
      thrown = true; }
  try { (void)std::string("abc").substr(static_cast<size_t>(HIDE(4))); thrown = false;
      } catch (const std::out_of_range &) { }
  CHECK(thrown);
  std::map<std::string, int, std::less<>> words;
  for (const auto &w : split("the cat and the dog and the bird", ' ')) words[w]++;
  std::string summary;
  for (const auto &[w, n] : words) summary += w + "=" + std::to_string(n) + ";";
  CHECK(summary == "and=2;bird=1;cat=1;dog=1;the=3;"
      && words.find(std::string_view("cat"))->second == 1);
  printf("%s %s\n", summary.c_str(), f1.c_str());
  return verdict();
}
