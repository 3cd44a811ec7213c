/** Keeps the unoptimised module of a translation unit, made by a command of its own beside the user's. */

import { makeFolder } from "../base/files.ts";
import { recordArguments } from "../corpus/recorder.ts";
import { type RecordFolder, pendingRecord } from "../corpus/records.ts";
import type { Children } from "./children.ts";
import type { Unit } from "./command.ts";

/** Whether the module was kept. Throws where the folder cannot be written. */
export async function recordUnit(
  { children, clang }: { children: Children; clang: string },
  unit: Unit,
  place: RecordFolder,
): Promise<boolean> {
  const pending = pendingRecord(unit, place);
  if (pending === undefined) return false;
  makeFolder(place.folder);
  const { level } = unit;
  const args = recordArguments(unit, { ...place, bitcode: pending.temporary, level });
  const { code } = await children.run(clang, args, { collect: true });
  if (code === 0) pending.keep();
  else pending.drop();
  return code === 0;
}
