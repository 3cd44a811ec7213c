/**
 * One process at a time for a name, on one machine. The claim is a listening socket in Linux's abstract namespace: it is
 * taken or refused in one step, and it ends with the process however that ends, so nothing stale is ever left.
 */

import { realpathSync } from "node:fs";
import { createServer } from "node:net";
import { contentHash } from "../base/hash.ts";

/** `folder` must exist. Undefined where another process, or this one, holds the claim. */
export function claim(folder: string, name: string): Promise<AsyncDisposable | undefined> {
  const server = createServer((connection) => connection.destroy());
  const key = contentHash(`${realpathSync(folder)}\0${name}`);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ path: `\0llmc-corpus-${key}` }, () => {
      server.unref();
      resolve({
        [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}
