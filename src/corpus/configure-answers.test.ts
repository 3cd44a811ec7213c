import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { keepAnswers, lendAnswers, siteOf } from "./configure-answers.ts";

function home(text?: string): string {
  const folder = tempFolder();
  mkdirSync(folder, { recursive: true });
  if (text !== undefined) writeFileSync(join(folder, "config.cache"), text);
  return folder;
}

test("lendAnswers gives the next package what keepAnswers found of this machine, and no more", () => {
  const cache = tempFolder();
  const shared = [
    "ac_cv_func_memcpy=${ac_cv_func_memcpy=yes}",
    "ac_cv_sizeof_long=${ac_cv_sizeof_long=8}",
    "gl_cv_func_free_preserves_errno=${gl_cv_func_free_preserves_errno=no}",
    "gl_cv_next_stdio_h=${gl_cv_next_stdio_h='<'/usr/include/stdio.h'>'}",
  ];
  const own = [
    "ac_cv_env_CFLAGS_value=${ac_cv_env_CFLAGS_value=-O0}", // would stop a build with other flags
    "ac_cv_func_SSL_new=${ac_cv_func_SSL_new=no}", // holds without -lssl alone
    "ac_cv_header_curses_h=${ac_cv_header_curses_h=no}", // until it is installed
    "ac_cv_path_install=${ac_cv_path_install='./install-sh -c'}",
    "ac_cv_c_torn=${ac_cv_c_to",
  ];
  keepAnswers(cache, home([...shared, ...own].join("\n")));
  const next = home();
  lendAnswers(cache, next);
  const lent = readFileSync(join(next, "config.cache"), "utf8");
  expect(lent.split("\n").filter((line) => line !== "")).toEqual(shared.toSorted());
  expect(readFileSync(siteOf(next), "utf8")).toContain("$HOME/config.cache");
});

test("keepAnswers keeps the earlier of two answers", () => {
  const cache = tempFolder();
  keepAnswers(cache, home("ac_cv_func_a=${ac_cv_func_a=yes}\n"));
  keepAnswers(
    cache,
    home("ac_cv_func_a=${ac_cv_func_a=maybe}\nac_cv_func_b=${ac_cv_func_b=yes}\n"),
  );
  const next = home();
  lendAnswers(cache, next);
  expect(readFileSync(join(next, "config.cache"), "utf8")).toBe(
    "ac_cv_func_a=${ac_cv_func_a=yes}\nac_cv_func_b=${ac_cv_func_b=yes}\n",
  );
});

test("keepAnswers does nothing where no configure script ran", () => {
  const cache = tempFolder();
  keepAnswers(cache, home());
  const next = home();
  lendAnswers(cache, next);
  expect(() => readFileSync(join(next, "config.cache"))).toThrow("ENOENT");
});
