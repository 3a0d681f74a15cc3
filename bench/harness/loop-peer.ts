/** bench/peers/cft_loop.py, the paper's loops in PyTorch, started on a problem. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { categoryCells, FIT, SELECTION } from "../../src/labels/index.ts";
import type { Head } from "../../src/learn/index.ts";
import type { Answer, Program } from "./contender.ts";
import type { Found } from "./native.ts";
import { pythonPeer } from "./peers.ts";
import { ProblemFolder } from "./problem.ts";
import type { TuningProblem } from "./tuning-problem.ts";

/** Ways of computing average precision that the script chooses among, in its order. */
const rankings = ["np.sort and np.searchsorted", "np.argsort", "torch.sort", "scikit-learn"] as const;
/** And of many categories. */
const rankingsTogether = ["one by one", "one by one in several threads", "torch.sort of all, np.searchsorted"] as const;

export class LoopPeer {
  readonly versions: string;
  /** The way of computing average precision that was the fastest here, and is used. */
  readonly ranking: string;
  /** The same where many categories are ranked. */
  readonly rankingTogether: string;
  readonly #program: Program;
  readonly #folder: ProblemFolder;

  private constructor(program: Program, versions: string, [alone, together]: readonly number[], folder: ProblemFolder) {
    this.#program = program;
    this.#folder = folder;
    this.versions = versions;
    this.ranking = rankings[alone];
    this.rankingTogether = rankingsTogether[together];
  }

  static async start(problem: TuningProblem, base: Head, threads: number): Promise<Found<LoopPeer>> {
    const folder = new ProblemFolder();
    // The program reads its problem as soon as it is started.
    await write(folder, problem, base);
    const python = pythonPeer("cft_loop.py", ["numpy", "sklearn", "torch"], [folder.path, String(threads)], threads);
    if ("absent" in python) {
      folder.remove();
      return { absent: `PyTorch: ${python.absent}` };
    }
    const { program, versions } = python.found;
    const { values } = await program.ask("ap");
    return { found: new LoopPeer(program, versions, values, folder) };
  }

  ask(line: string): Promise<Answer> {
    return this.#program.ask(line);
  }

  /** (D+1) weights and bias that the last run left, one category after another where it was of several. */
  parameters(): Float64Array {
    const bytes = readFileSync(join(this.#folder.path, "parameters.f32"));
    return Float64Array.from(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4));
  }

  /** For runs named "fitness": genes (D+1) of each. */
  async individuals(list: readonly Float64Array[]): Promise<void> {
    await this.#folder.write("individuals.f32", Float32Array.from(list.flatMap((genes) => [...genes])));
  }

  close(): void {
    this.#program.close();
    this.#folder.remove();
  }
}

async function write(folder: ProblemFolder, { data, labels, parts }: TuningProblem, base: Head): Promise<void> {
  await folder.write("features.f32", data);
  await folder.write("weights.f32", base.weight);
  await folder.write("bias.f32", base.bias);
  for (const [name, part] of [["fit", FIT], ["selection", SELECTION]] as const) {
    const { start, row, positive } = categoryCells(labels, parts, [part]);
    await folder.write(`${name}-start.u32`, start);
    await folder.write(`${name}-row.u32`, row);
    await folder.write(`${name}-positive.u8`, positive);
  }
}
