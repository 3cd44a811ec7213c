import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { type Found, findToolchain, installedToolchains } from "./toolchain.ts";

/** A root with `llvm-N` folders in it, each with opt and a library of its own. */
function rootWith(...majors: readonly number[]): string {
  return tempFolder(
    Object.fromEntries(
      majors.flatMap((major) => [
        [`llvm-${major}/bin/opt`, ""],
        [
          major >= 18
            ? `llvm-${major}/lib/libLLVM.so.${major}.1`
            : `llvm-${major}/lib/libLLVM-${major}.so.1`,
          "",
        ],
      ]),
    ),
  );
}

const majorOf = (found: Found): number | string =>
  found.status === "found" ? found.toolchain.major : found.message;

describe("findToolchain", () => {
  test("finds the LLVM of this machine when nothing is asked for", () => {
    expect(findToolchain()).toMatchObject({
      status: "found",
      toolchain: { library: expect.stringContaining("libLLVM") },
    });
  });

  test.each([
    [[17, 19, 21, 22], 22],
    [[17, 19, 21], 19],
    [[17, 18, 20, 21], 21],
    [[17], 17],
  ])("takes of %j the preferred %i when nothing is asked for", (majors, best) => {
    expect(majorOf(findToolchain(undefined, [rootWith(...majors)]))).toBe(best);
    expect(majorOf(findToolchain("", [rootWith(...majors)]))).toBe(best);
  });

  test("takes the version asked for, with or without a minor", () => {
    const roots = [rootWith(17, 19, 22)];
    expect(majorOf(findToolchain("19", roots))).toBe(19);
    expect(majorOf(findToolchain("22.1", roots))).toBe(22);
    expect(majorOf(findToolchain("17", roots))).toBe(17);
  });

  test("takes the version of a folder from the library in it, not from what else the machine has", () => {
    const root = rootWith(18, 21);
    expect(findToolchain(join(root, "llvm-18"))).toEqual({
      status: "found",
      toolchain: {
        major: 18,
        bin: join(root, "llvm-18/bin"),
        library: join(root, "llvm-18/lib/libLLVM.so.18.1"),
      },
    });
    expect(majorOf(findToolchain(join(root, "llvm-21")))).toBe(21);
  });

  test.each(installedToolchains().map(({ major, bin }) => [major, join(bin, "..")]))(
    "takes LLVM %i of this machine by its folder",
    (major, folder) => {
      expect(majorOf(findToolchain(folder))).toBe(major);
    },
  );

  test("refuses a folder with opt but no library of its own", () => {
    const folder = join(tempFolder({ "somewhere/bin/opt": "" }), "somewhere");
    expect(majorOf(findToolchain(folder))).toContain(
      `no LLVM with opt and libLLVM under "${folder}"`,
    );
  });

  test.each(["16", "23", "0", "999"])(
    "does not know version %s and says which it knows",
    (version) => {
      expect(majorOf(findToolchain(version))).toMatch(
        /is not a version this program knows; it knows 17, 18, 19, 20, 21, 22; run `llmc doctor`/,
      );
    },
  );

  test.each(["banana", "/nowhere", "-1"])(
    "finds nothing under %s and says how to go on",
    (wanted) => {
      expect(majorOf(findToolchain(wanted))).toMatch(
        /^no LLVM with opt and libLLVM under .*`llmc doctor`.*apt install/,
      );
    },
  );

  test("says that a known version is not installed", () => {
    expect(majorOf(findToolchain("20", [tempFolder()]))).toMatch(
      /^LLVM 20 is not installed; run `llmc doctor`/,
    );
  });

  test("does not take a folder without programs", () => {
    const root = tempFolder({ "llvm-21/lib/libLLVM.so.21.1": "" });
    mkdirSync(join(root, "llvm-21/bin"));
    expect(findToolchain("21", [root]).status).toBe("missing");
  });
});

test("installedToolchains lists the newest first", () => {
  expect(installedToolchains([rootWith(17, 19, 22)]).map(({ major }) => major)).toEqual([
    22, 19, 17,
  ]);
});
