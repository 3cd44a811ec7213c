/**
 * The user's clang flags, sorted: what goes to clang unchanged, what this program decides itself, and what cannot be
 * combined with a pass list. Pure.
 */

export type FlagCheck =
  | { readonly ok: true; readonly flags: readonly string[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Ours to decide: the optimisation level, the kind of output and where it goes. */
const OURS = /^(?:-O.*|-c|-S|-emit-llvm|-save-temps.*|-M[DMGP]*|-M[FTQJ].+|-o.+)$/;
const OURS_WITH_VALUE = new Set(["-o", "-MF", "-MT", "-MQ", "-MJ"]);
const LTO = /^-flto(?:=.*)?$/;

/** These work by passes that clang itself adds to its pipeline; with a pass list of ours they would silently be lost. */
const NEEDS_CLANG_PIPELINE =
  /^(?:-fsanitize=.+|-fprofile-(?:instr-)?(?:generate|use).*|-fcoverage-mapping|--coverage|-pg|-fxray-instrument|-fplugin=.*|-fpass-plugin=.*)$/;
const NOT_A_COMPILATION = /^(?:-E|-fsyntax-only|-###|--version|-M|-MM)$/;

export function sortFlags(flags: readonly string[]): FlagCheck {
  const kept: string[] = [];
  const notes: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] ?? "";
    if (NEEDS_CLANG_PIPELINE.test(flag)) {
      return {
        ok: false,
        message: `${flag} needs passes of clang's own pipeline, which a pass list replaces; build such files with clang`,
      };
    }
    if (NOT_A_COMPILATION.test(flag))
      return { ok: false, message: `${flag} compiles nothing; take it out of the flags` };
    if (OURS_WITH_VALUE.has(flag)) i++;
    else if (LTO.test(flag)) notes.push(`${flag} ignored: this makes plain objects, not LTO ones`);
    else if (!OURS.test(flag)) kept.push(flag);
  }
  return { ok: true, flags: kept, notes };
}
