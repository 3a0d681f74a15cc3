import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { Compared } from "../compare/compare.ts";
import { Comparisons, type CompareTask } from "./comparisons.ts";

/** Threads that were begun: each ends when it is told to. */
class Threads {
  readonly begun: { readonly task: CompareTask; readonly flag: Int32Array; readonly worker: EventEmitter; terminated: boolean }[] = [];

  readonly begin = (task: CompareTask, signal: SharedArrayBuffer): Worker => {
    const worker = new EventEmitter();
    const entry = { task, flag: new Int32Array(signal), worker, terminated: false };
    Object.assign(worker, {
      terminate: () => {
        entry.terminated = true;
        worker.emit("exit", 1);
        return Promise.resolve(1);
      },
    });
    this.begun.push(entry);
    return worker as unknown as Worker;
  };

  tell(at: number): void {
    const { worker, task } = this.begun[at];
    worker.emit("message", { kind: "compared", compared: { after: task.after } });
    worker.emit("exit", 0);
  }
}

const task = (after: string): CompareTask => ({ kind: "compare", project: "3", before: null, after });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("comparisons", () => {
  it("are made one after another, and once for all who ask for the same", async () => {
    const threads = new Threads();
    const comparisons = new Comparisons(threads.begin);
    const [first, again, second] = [comparisons.get(task("4")), comparisons.get(task("4")), comparisons.get(task("5"))];
    await turn();
    expect(threads.begun.map(({ task: { after } }) => after)).toEqual(["4"]);
    threads.tell(0);
    expect(await Promise.all([first, again])).toEqual([{ after: "4" }, { after: "4" }] as unknown as Compared[]);
    await turn();
    expect(threads.begun.map(({ task: { after } }) => after)).toEqual(["4", "5"]);
    threads.tell(1);
    expect(await second).toEqual({ after: "5" });
  });

  it("go on after one that failed", async () => {
    const threads = new Threads();
    const comparisons = new Comparisons(threads.begin);
    const [first, second] = [comparisons.get(task("4")), comparisons.get(task("5"))];
    await turn();
    threads.begun[0].worker.emit("exit", 1);
    await expect(first).rejects.toMatchObject({ code: "internal.unexpected" });
    await turn();
    threads.tell(1);
    await expect(second).resolves.toEqual({ after: "5" });
  });

  it("are told to stop when they are closed, and those that wait are never begun", async () => {
    const threads = new Threads();
    const comparisons = new Comparisons(threads.begin);
    const asked = [comparisons.get(task("4")), comparisons.get(task("5"))];
    const said = Promise.allSettled(asked);
    await turn();
    const closed = comparisons.close();
    expect(Atomics.load(threads.begun[0].flag, 0)).toBe(1);
    threads.begun[0].worker.emit("exit", 0);
    await closed;
    expect((await said).map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : one.status))).toEqual(["run.interrupted", "run.interrupted"]);
    expect(threads.begun).toHaveLength(1);
  });
});
