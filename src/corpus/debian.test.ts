import { expect, test } from "vitest";
import { aptOptions, aptPlace, parseCodenames, parseMirrors, sourcesFile } from "./debian.ts";

const TARGETS = `http://deb.debian.org/debian/ bookworm main
http://deb.debian.org/debian-security/ bookworm-security main
http://deb.debian.org/debian/ bookworm contrib
https://deb.nodesource.com/node_20.x nodistro main
`;

test("parseMirrors keeps Debian's main archives when apt knows other vendors too", () => {
  expect(parseMirrors(TARGETS).map((mirror) => mirror.codename)).toEqual([
    "bookworm",
    "bookworm-security",
  ]);
});

test("sourcesFile asks for sources only when given mirrors", () => {
  const text = sourcesFile(parseMirrors(TARGETS));
  expect(text).toContain("Types: deb-src\nURIs: http://deb.debian.org/debian/\nSuites: bookworm\n");
  expect(text).not.toContain("nodesource");
});

test("parseCodenames puts the plain release first when updates are listed too", () => {
  const text = sourcesFile(parseMirrors(TARGETS).toReversed());
  expect(parseCodenames(text)).toEqual(["bookworm", "bookworm-security"]);
});

test("aptOptions keeps apt inside the given folder", () => {
  const options = aptOptions(aptPlace("cache/apt"));
  expect(options).toContain("Dir::State::Lists=cache/apt/lists");
  expect(options).toContain("Dir::Etc::sourceparts=/dev/null");
});
