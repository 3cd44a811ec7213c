/** What a call in IR says of the function that it calls. */

import { bracketEnd, splitAtCommas } from "./ir-text.ts";

export interface Call {
  /** The symbol as IR writes it. */
  readonly callee: string;
  /** Where the symbol stands in the line. */
  readonly at: number;
  readonly result: string;
  /** The function's own types in brackets, where the call gives them: those with `...` do. */
  readonly signature: string | undefined;
  /** Of the arguments; undefined for what is no plain type. */
  readonly types: readonly (string | undefined)[];
}

const TYPE = String.raw`(?:void|ptr|i\d+|half|float|double|fp128|x86_fp80|%[-\w.$]+|<[^>]*>|\{[^}]*\}|\[[^\]]*\])`;
const CALL = new RegExp(
  String.raw`\b(?:call|invoke) (?:[a-z]+ )*?(${TYPE}) (\([^)]*\) )?(@(?:"[^"]*"|[-\w.$]+))\(`,
);
const ARGUMENT = new RegExp(`^${TYPE}`);

/** Undefined where a line calls no symbol. */
export function callIn(line: string): Call | undefined {
  const found = CALL.exec(line);
  if (found === null) return undefined;
  const [text, result = "", signature, callee = ""] = found;
  const open = found.index + text.length - 1;
  const given = splitAtCommas(line.slice(open + 1, bracketEnd(line, open) - 1));
  return {
    callee,
    at: open - callee.length,
    result,
    signature: signature?.trim(),
    types: given.map((argument) =>
      argument.includes("addrspace(") ? undefined : ARGUMENT.exec(argument)?.[0],
    ),
  };
}
