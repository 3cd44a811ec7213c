/**
 * Static constructors in the pool's objects. LLVM's C API cannot say UseInitArray, so they land in `.ctors`, which no
 * start-up file reads any more; renamed to `.init_array` they run, as in the objects that clang makes.
 * Source: TargetLoweringObjectFileImpl.cpp, getStaticStructorSection.
 */

const OLD_SECTION = /\.([cd])tors(?:\.(\d{5}))?\0/g;
/** `.ctors.NNNNN` counts down from the priority of a constructor without one. */
const DEFAULT_PRIORITY = 65_535;
const NEW_NAME: Record<string, string> = { c: ".init_array", d: ".fini_array" };

/** What llvm-objcopy must be told about this object; nothing for the most, which have no static constructor. */
export function constructorRenames(object: Uint8Array): string[] {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  if (!bytes.includes(".ctors") && !bytes.includes(".dtors")) return [];
  const renames = new Set<string>();
  for (const [name, kind = "", number] of bytes.toString("latin1").matchAll(OLD_SECTION)) {
    const priority = number === undefined ? "" : `.${DEFAULT_PRIORITY - Number(number)}`;
    renames.add(`${name.slice(0, -1)}=${NEW_NAME[kind]}${priority}`);
  }
  return [...renames].flatMap((rename) => ["--rename-section", rename]);
}
