/** Every suite by name. */

import type { Suite } from "../suite.ts";
import { builtin } from "./builtin.ts";
import { csmith } from "./csmith.ts";
import { gccTorture } from "./gcc-torture.ts";

export const SUITE_NAMES = ["builtin", "gcc-torture", "csmith"] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];

export const SUITES: Readonly<Record<SuiteName, Suite>> = { builtin, "gcc-torture": gccTorture, csmith };
