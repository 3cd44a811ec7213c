import { madeUpRows } from "./eval-rows.ts";
import { evalPlots } from "../../src/eval/report/plots.ts";
const p = (await evalPlots(madeUpRows("look", {cases: 12, packages: 4, suites: ["disassemble"]})))[0]!;
console.log(p.svg.match(/<g aria-label="x-axis tick label".*?<\/g>/s)?.[0]);
