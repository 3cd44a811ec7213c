// Programs kept apart for comparison with published numbers. Nothing that ships may have seen them, so a
// package of that name is refused, and so is a file of another package that carries one of them inside.
import names from "./held-out.json" with { type: "json" };

export const HELD_OUT: readonly string[] = names;

// Shorter names (`mad`, `sox`) are also parts of ordinary words: they must stand alone.
const DISTINCTIVE_LENGTH = 6;

/** Why this package may not be used, or null where it may. */
export function refuseHeldOut(packageName: string): string | null {
  const name = packageName.toLowerCase();
  const hit = HELD_OUT.find(
    (held) => name === held || name === `lib${held}` || `lib${name}` === held,
  );
  if (hit === undefined) return null;
  const why = `kept apart for published comparisons (held-out name "${hit}")`;
  return `${packageName} is ${why}: choose another package`;
}

// Holds "mcrypt" in its name and is another library.
const OTHER_THINGS = /tomcrypt/g;

/** Whether a path names a held-out program: nettle's blowfish.c, an archiver's copy of bzip2. */
export function pathIsHeldOut(path: string): boolean {
  const lower = path.toLowerCase().replaceAll(OTHER_THINGS, "tom");
  const words = new Set(lower.split(/[^a-z0-9]+/));
  return HELD_OUT.some((held) =>
    held.length >= DISTINCTIVE_LENGTH
      ? lower.includes(held)
      : words.has(held) || words.has(`lib${held}`),
  );
}
