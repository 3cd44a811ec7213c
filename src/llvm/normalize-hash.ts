/**
 * Hashes of functions in normal form, for finding duplicates: equal for functions that differ in names that do not
 * matter (their own, those of values, types and private or internal symbols) and in metadata. Attributes, linkage, names
 * that a linker sees and the layout of types count; what private and internal symbols hold does not.
 */

import { contentHash } from "../base/hash.ts";
import { splitAttributes, withoutAttachments } from "./normalize-lines.ts";
import { definedSymbol, numbered } from "./normalize-names.ts";
import { type FunctionText, type ModuleText, replaceTokens } from "./normalize-sections.ts";

/** In module order, one a defined function. `local`: tokens of private and internal symbols. */
export function functionHashes(module: ModuleText, local: ReadonlySet<string>): string[] {
  return module.functions
    .filter(({ isDefined }) => isDefined)
    .map((fn) => contentHash(canonicalFunction(fn, module, local)));
}

function canonicalFunction(
  { lines }: FunctionText,
  module: ModuleText,
  local: ReadonlySet<string>,
): string {
  const self = definedSymbol(lines[0] ?? "");
  const symbols = numbered((index) => `@${index}`);
  const types = numbered((index) => `%T${index}`);
  const attributes = numbered((index) => `#${index}`);
  const groupsOf = (token: string): string =>
    splitAttributes(module.attributes.get(token) ?? "")
      .map(attributes.of)
      .join(" ");
  const renamed = (token: string): string => {
    if (token === self) return "@";
    if (token.startsWith("@")) return local.has(token) ? symbols.of(token) : token;
    if (token.startsWith("%")) return isNamedType(token) ? types.of(token) : token;
    if (token.startsWith("#")) return groupsOf(token);
    if (token.startsWith("$")) return "$";
    return /^!\d/.test(token) ? "!" : token;
  };
  const isNamedType = (token: string): boolean => !/^%\d+$/.test(token) && module.types.has(token);
  const rename = (line: string): string => replaceTokens(withoutAttachments(line), renamed);
  const text = lines.map(rename);
  for (const type of types.all.keys()) text.push(rename(module.types.get(type) ?? "opaque"));
  text.push(...attributes.all.keys());
  return text.join("\n");
}
