/** What a process holds in memory now. */

import { readFileSync } from "node:fs";

const PAGE_BYTES = 4096;

/** Resident bytes by Linux' /proc; 0 where the process has ended or the system has no /proc. */
export function residentBytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
