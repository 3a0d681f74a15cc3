import { Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startProgress } from "./progress.ts";

/** What a program writes to a terminal (or not one) of 80 columns. */
class Screen extends Writable {
  text = "";
  readonly columns = 80;
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
  /** The writing without its control sequences, a line for every redrawing. */
  get shown(): string[] {
    // oxlint-disable-next-line no-control-regex -- control sequences are what is being removed
    return this.text.replace(/\u001B\[\d*G|\r/g, "\n").replace(/\u001B(\[[0-9;?]*[A-Za-z]|[78])/g, "").split("\n").filter((line) => line !== "");
  }
}

async function run(screen: Screen, quiet: boolean): Promise<void> {
  const progress = startProgress(quiet, screen as unknown as NodeJS.WriteStream);
  await progress.checkpoint({ phase: "extract", done: 0, total: 5000 });
  await wait(600);
  await progress.checkpoint({ phase: "extract", done: 60, total: 5000 });
  progress.aside(() => screen.write("notice: something\n"));
  await progress.checkpoint({ phase: "pretrain", done: 0, total: 1 });
  progress.stop();
}

describe("progress", () => {
  it("shows a person a bar with the rate and the time left, and never more than a line", async () => {
    const screen = new Screen(true);
    await run(screen, false);
    expect(screen.shown.join("\n")).toMatch(/extract [█░]{24} 60\/5000, \d+\/s, about (\d+ s|\d+ min \d+ s) left/);
    expect(screen.shown).toContain("notice: something");
    expect(screen.shown.join("\n")).toMatch(/^pretrain \.\.\.$/m);
    for (const line of screen.shown) expect(line.length).toBeLessThanOrEqual(80);
    expect(screen.text.lastIndexOf("\u001B[?25h")).toBeGreaterThan(screen.text.lastIndexOf("\u001B[?25l"));
  });

  it("writes no control characters where a log is kept, and nothing when asked to be quiet", async () => {
    const [log, quiet] = [new Screen(false), new Screen(true)];
    await run(log, false);
    await run(quiet, true);
    expect([log.text, quiet.text]).toEqual(["notice: something\n", "notice: something\n"]);
  });
});
