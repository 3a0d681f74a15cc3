import { describe, expect, it } from "vitest";
import { plainKernels, type Kernels } from "../../math/index.ts";
import { FIT } from "../../labels/index.ts";
import { baseOf, drawn, tuneInput } from "../drawn-data.cases.ts";
import { pretrain } from "../pretrain/index.ts";
import type { TuneMethod } from "../types.ts";
import { tune } from "./index.ts";

/** Kernels that know how many of their matrices and problems have not been disposed of. */
function counting(): { readonly kernels: Kernels; readonly counts: { made: number; held: number } } {
  const plain = plainKernels();
  const counts = { made: 0, held: 0 };
  const counted = <D extends { dispose(): void }>(one: D): D => {
    counts.made += 1;
    counts.held += 1;
    const dispose = one.dispose.bind(one);
    let held = true;
    one.dispose = () => {
      if (held) counts.held -= 1;
      held = false;
      dispose();
    };
    return one;
  };
  const kernels: Kernels = {
    ...plain,
    matrix: (...of) => counted(plain.matrix(...of)),
    cellProblem: (...of) => counted(plain.cellProblem(...of)),
    transform: (...of) => counted(plain.transform(...of)),
    *transformInSteps(...of) {
      return counted(yield* plain.transformInSteps(...of));
    },
  };
  return { kernels, counts };
}

const data = drawn({ seed: "stopped", images: 120, columns: 6, categories: 3, known: () => 0.6 });
const base = await baseOf(data, "assume-negative", (part) => part === FIT);
const stop = new Error("stopped");

/** Does a run that ends at its n-th checkpoint, or by itself where there are fewer. */
async function stopped(n: number, run: (kernels: Kernels, checkpoint: () => Promise<void>) => Promise<unknown>): Promise<{ made: number; held: number; ended: boolean }> {
  const { kernels, counts } = counting();
  let left = n;
  const checkpoint = (): Promise<void> => {
    left -= 1;
    return left < 0 ? Promise.reject(stop) : Promise.resolve();
  };
  const ended = await run(kernels, checkpoint).then(
    () => true,
    (error: unknown) => {
      expect(error).toBe(stop);
      return false;
    },
  );
  return { ...counts, ended };
}

describe("a run that is stopped", () => {
  it.each<TuneMethod>(["auto", "bp-bce", "bp-asl", "ga", "greedy"])("by %s leaves nothing in the kernels' memory, wherever it is stopped, nor does one that ends", async (method) => {
    const input = tuneInput(data, base, { method });
    const made = new Set<number>();
    for (const n of [0, 1, 2, 5, 12, 40, method === "auto" ? Infinity : 3]) {
      const run = await stopped(n, (kernels, checkpoint) => tune({ ...input, kernels, checkpoint }));
      expect(run).toMatchObject({ held: 0, ended: n === Infinity });
      made.add(run.made);
    }
    expect(Math.max(...made)).toBeGreaterThan(1);
  });

  it.each(["assume-negative", "curriculum-score"])("in stage 1 by %s leaves nothing either", async (strategy) => {
    for (const n of [0, 1, 4, Infinity]) {
      const { held } = await stopped(n, (kernels, checkpoint) => pretrain({ features: data.features, labels: data.labels, parts: data.parts, kernels, checkpoint, strategy }));
      expect(held).toBe(0);
    }
  });
});
