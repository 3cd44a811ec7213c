/** What `llmc eval` was told to do. */

import type { Rival, SuiteName } from "../eval/suite.ts";

export interface EvalOptions {
  suite?: SuiteName[];
  model: string[];
  rivals?: readonly Rival[];
  optimize: boolean;
  alone: boolean;
  corpus?: string;
  programs?: string;
  output?: string;
  count: number;
  perPackage: number;
  minBytes: number;
  maxBytes: number;
  compilations: number;
  search: number;
  functions: number;
  candidates: number;
  emulations: number;
  texts: number;
  labels?: string;
  known?: string;
  humaneval?: string;
  mbpp?: string;
  samples: number;
  limit: number;
  seed: number;
  jobs?: number;
  llvm?: string;
  json: boolean;
}
