import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { isPermissive, licenceOfSource, parseLicences } from "./licence.ts";

const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: demo

Files: *
Copyright: 2020 A
License: MIT

Files: lib/*.c
 lib/*.h
Copyright: 2020 B
License: BSD-3-clause or GPL-2+
 Text of the licence.

Files: debian/*
Copyright: 2021 C
License: GPL-3+

License: MIT
 Permission is hereby granted
`;

test("parseLicences joins the licences of the sources, without those of the packaging", () => {
  expect(parseLicences(COPYRIGHT)).toBe("MIT, BSD-3-clause or GPL-2+");
});

test("parseLicences gives nothing when the file is free text", () => {
  expect(parseLicences("License: MIT\n\nThis package was debianized by\n")).toBe("");
  expect(parseLicences("")).toBe("");
});

test.each([
  ["MIT", true],
  ["Expat, BSD-3-clause and Zlib", true],
  ["Apache-2.0, public-domain", true],
  ["MIT, GPL-2+", false],
  ["BSD-3-clause or GPL-2+", false],
  ["Mitigation-1.0", false],
  ["", false],
])("isPermissive says of %j: %s", (licence, verdict) => {
  expect(isPermissive(licence)).toBe(verdict);
});

test.each([
  ["demo_1.0-1.debian.tar.gz", "debian"],
  ["demo_1.0.tar.gz", "demo-1.0"],
])("licenceOfSource reads the copyright file out of %s", async (archive, top) => {
  const name = top === "debian" ? "debian/copyright" : `${top}/debian/copyright`;
  const tree = tempFolder({ [name]: COPYRIGHT });
  const folder = tempFolder({ "demo_1.0.orig.tar.gz": "not looked at" });
  execFileSync("tar", ["-czf", join(folder, archive), "-C", tree, top]);
  expect(await licenceOfSource(folder)).toBe("MIT, BSD-3-clause or GPL-2+");
});

test("licenceOfSource gives nothing when there is no archive or it is broken", async () => {
  expect(await licenceOfSource(tempFolder())).toBe("");
  expect(await licenceOfSource(tempFolder({ "a_1.debian.tar.xz": "torn" }))).toBe("");
});
