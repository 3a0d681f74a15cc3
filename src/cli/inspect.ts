import type { Command } from "commander";
import { runSession, withCommonOptions } from "./run.ts";
import { inspectionText } from "./inspection-text.ts";

/** catwise inspect MODEL: what the model takes, and which layer would be tuned, or why none. */
export function registerInspect(program: Command): void {
  const command = program.command("inspect").description("Show a model's inputs and the classification layer that would be tuned, or why there is none.").argument("<model>", "ONNX model");
  withCommonOptions(command).action(async (model: string, options: { json?: boolean; quiet?: boolean }) => {
    await runSession(options, async (session) => {
      const { runInspect } = await import("../workflows/index.ts");
      const inspection = await runInspect({ model });
      session.result(inspection, () => inspectionText(inspection, model));
    });
  });
}
