import type { Command } from "commander";
import { given, wholeNumber, withSeed, withThreads } from "./options.ts";
import { harmText } from "./harm-text.ts";
import { calledAs, nextCommand } from "./next.ts";
import { runSession, withCommonOptions } from "./run.ts";
import { expected } from "../errors.ts";

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly count: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise demo: the two-stage protocol on drawn plates, offline, in under a minute. */
export function registerDemo(program: Command): void {
  const command = program
    .command("demo")
    .description("Run both stages on drawn pictures, offline, in under a minute: what Catwise does, and what it leaves behind.")
    .option("--out <dir>", "folder to write; new, empty, or a former demo's", "catwise-demo")
    .option("--count <n>", "pictures to draw", pictureCount, 2000);
  withCommonOptions(withThreads(withSeed(command))).action(async (options: Options) => {
    await runSession(options, async (session) => {
      const { runDemo } = await import("../workflows/index.ts");
      const { out, seed, count, threads } = options;
      const done = await runDemo({ out, seed, images: count, ...given({ threads }) }, session);
      const harm = await harmText(done.record.result.harm);
      const { runText } = await import("./run-text.ts");
      session.result(done.record.result, () => runText(done.record, done.written, `${nextCommand(["inspect", "MODEL.onnx"])}, then ${calledAs()} tune --model MODEL.onnx --images DIR --labels LABELS.csv --out tuned.onnx`, harm));
    });
  });
}

function pictureCount(text: string): number {
  const count = wholeNumber("--count")(text);
  if (count < 40 || count > 99_999) throw expected("--count", "a whole number from 40 to 99999", text);
  return count;
}
