/** Content hashes. 128 bits of SHA-256: short to print, and no collision in any corpus we could hold. */

import { hash } from "node:crypto";

export function contentHash(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex").slice(0, 32);
}
