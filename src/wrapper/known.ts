/**
 * Commands that were seen before, as shell text that the launcher reads: it runs the front end, and where the module's
 * object is in the cache puts it in place without starting Node, which takes as long as clang does on a small file. What
 * the text finds no answer to goes on to the wrapper itself, so it decides nothing that the wrapper would not.
 *
 * The launcher hands in: $clang, $colour (a flag or nothing), $folder (the wrapper's). Words and paths are quoted here.
 */

import { writeFileAtomic } from "../base/files.ts";

export interface KnownCommand {
  /** clang's arguments as far as the front end; the bitcode's name is missing at the end. */
  readonly frontEnd: readonly string[];
  readonly output: string;
  /** The part of an entry's name that the flags decide; the bitcode's hash is the other. */
  readonly flagsHash: string;
}

function knownCommandText({ frontEnd, output, flagsHash }: KnownCommand): string {
  const out = quote(output.startsWith("-") ? `./${output}` : output);
  return `t=$folder/tmp.$$ out=${out}
if [ ! -L "$out" ] && { [ ! -e "$out" ] || [ -f "$out" ]; } &&
  "$clang" $colour ${frontEnd.map(quote).join(" ")} "$t.bc" 2>"$t.err"; then
  key=$(sha256sum <"$t.bc") key=\${key%% *} rest=\${key#??}
  entry=$folder/objects/\${key%"$rest"}/$rest-${flagsHash}
  if [ -r "$entry.hit" ] && IFS= read -r event <"$entry.hit" && [ -s "$entry.o" ] &&
    { cat "$entry.o" >"$out.$$.tmp" && mv -f "$out.$$.tmp" "$out"; } 2>/dev/null; then
    printf '\\n%s\\n' "$event" >>"$folder/events.jsonl"
    [ ! -s "$t.err" ] || cat "$t.err" >&2
    rm -f "$t.bc" "$t.err"
    exit 0
  fi
fi
rm -f "$t.bc" "$t.err"
`;
}

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** `path` is the launcher's name for the command. A folder that cannot be written costs time, nothing else. */
export function rememberCommand(path: string, command: KnownCommand): void {
  try {
    writeFileAtomic(path, knownCommandText(command));
  } catch {
    // as said
  }
}
