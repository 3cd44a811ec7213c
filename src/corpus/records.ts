/** What the recording compiler leaves behind for one package: `<id>.bc` beside `<id>.json`, the .bc renamed last. */

import { readdirSync } from "node:fs";

export function countRecords(folder: string): number {
  return readdirSync(folder).filter((name) => name.endsWith(".bc")).length;
}
