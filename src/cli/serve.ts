import type { Command } from "commander";
import type { Serving } from "../server/index.ts";
import { defaultWorkspace } from "./backup.ts";
import { interruptedStatus } from "./failure.ts";
import { wholeNumberIn } from "./options.ts";

interface Options {
  readonly workspace: string;
  readonly host: string;
  readonly port: number;
}

/** catwise serve: the app in the browser, until Ctrl-C. */
export function registerServe(program: Command): void {
  program
    .command("serve")
    .description("Open Catwise in the browser: label, improve, compare, go live, use. Runs on this computer until Ctrl-C.")
    .option("--workspace <dir>", "folder that holds everything: database, pictures, models, versions; made where there is none", defaultWorkspace)
    .option("--host <address>", "address to listen on; 0.0.0.0 lets other computers in", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 for any free one", wholeNumberIn("--port", 0, 65_535), 4711)
    .action(async (options: Options) => {
      const { serve } = await import("../server/index.ts");
      const { Jobs } = await import("../jobs/index.ts");
      const logger = { info: say, warn: (code: string, message: string) => say(`notice: ${code}: ${message}`) };
      const serving = await serve({ workspace: options.workspace, host: options.host, port: options.port, engine: (store, tell) => new Jobs({ store, tell, logger }), logger });
      process.stdout.write(`${greeting(serving)}\n`);
      await stopWanted();
      say("Stopping; what is under way can be continued.");
      await serving.stop();
    });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function greeting({ addresses, setupLink, open }: Serving): string {
  const reach = open
    ? ["Other computers of this network can reach it, without encryption: anybody there can read along what is sent.", "Let only networks you trust in, or put a proxy with TLS in front."]
    : ["Only this computer can reach it."];
  const begin = setupLink === null ? ["Catwise is ready:", ...addresses.map((address) => `  ${address}`)] : ["Catwise is ready. Open this link to make the administrator (works once):", `  ${setupLink}`];
  const others = setupLink !== null && addresses.length > 1 ? ["Then, from other computers:", ...addresses.slice(1).map((address) => `  ${address}`)] : [];
  return [...begin, ...others, ...reach, "Ctrl-C ends it."].join("\n");
}

/** Resolves at the first Ctrl-C or request to end; a second one ends the process where it is. */
function stopWanted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(interruptedStatus));
        resolve();
      });
    }
  });
}
