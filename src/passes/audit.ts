// What `llmc passes audit` found out about each pass: data, one file for each LLVM in generated/.
// `breaks` and `miscompiled` programs speak against a pass; that it was safe here proves nothing
// about programs that were not tried.

export const AUDIT_STATUSES = [
  "safe", // every program tried did the same as at -O0
  "breaks", // a program computed something else, died, did not end or did not link
  "crashes", // LLVM itself died, refused the pass, or made invalid IR
  "hangs", // LLVM did not end in time
] as const;

export type AuditStatus = (typeof AUDIT_STATUSES)[number];

export interface AuditedPass {
  readonly status: AuditStatus;
  /** For all but `safe`: the shortest list, the smallest program, and what was seen. */
  readonly evidence?: string;
  /** Lists with this pass that were tried, and programs compiled with them altogether. */
  readonly lists: number;
  readonly programs: number;
}

export interface AuditedPair extends AuditedPass {
  readonly pair: string;
}

export interface PassAudit {
  readonly llvmVersion: string;
  /** Programs tried of each suite. */
  readonly suites: Readonly<Record<string, number>>;
  readonly passes: Readonly<Record<string, AuditedPass>>;
  readonly pairs: readonly AuditedPair[];
}
