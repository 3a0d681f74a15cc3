import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Bench } from "../harness/bench.ts";
import type { Contender } from "../harness/contender.ts";
import { interleave } from "../harness/interleave.ts";

const root = resolve(import.meta.dirname, "../..");
const command = resolve(root, "dist/cli/main.js");
const own = "catwise --help";
const importing = 'import "catwise"';

export const start: Bench = {
  name: "start",
  title: "Starting the command line, and importing the library",
  remarks: `Showing help loads what declares the commands, and commander: what draws progress and tables, and all rooms but the command line, are loaded by the command that needs them. Node itself
takes about half of the time. That importing the library loads neither the inference runtime nor the image decoder is held by test/architecture/loading.test.ts.`,
  async run(context) {
    const contenders: Contender[] = [
      started(own, [command, "--help"]),
      started(importing, ["--input-type=module", "-e", 'import "catwise"']),
      started("node, doing nothing", ["-e", ""]),
    ];
    const timings = await interleave(contenders, { rounds: context.quick ? 5 : 21, warmUp: 2, tolerance: 0 });
    const targets = [{ what: "milliseconds for catwise --help", measured: timings.get(own)!.median, bound: 150, side: "at most" as const }];
    return { cases: [{ name: "whole process", reference: own, timings: Object.fromEntries(timings), ours: [own, importing], targets }], peers: [], absent: [] };
  },
};

/** Whole processes; all that can be held equal is that each ended well. */
function started(name: string, args: readonly string[]): Contender {
  return {
    name,
    run() {
      const began = performance.now();
      execFileSync(process.execPath, args, { cwd: root, stdio: "ignore" });
      return { milliseconds: performance.now() - began, values: [0] };
    },
    close: () => undefined,
  };
}
