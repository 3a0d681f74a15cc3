import type { Command } from "commander";
import type { Serving } from "../server/index.ts";
import { defaultWorkspace } from "./backup.ts";
import { interruptedStatus } from "./failure.ts";
import { wholeNumberIn } from "./options.ts";
import { withCommonOptions } from "./run.ts";

interface Options {
  readonly workspace: string;
  readonly host: string;
  readonly port: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** catwise serve: the app in the browser, until Ctrl-C. */
export function registerServe(program: Command): void {
  const command = program
    .command("serve")
    .description("Open Catwise in the browser: label, improve, compare, go live, use. Runs on this computer until Ctrl-C.")
    .option("--workspace <dir>", "folder that holds everything: database, pictures, models, versions; made where there is none", defaultWorkspace)
    .option("--host <address>", "address to listen on; 0.0.0.0 lets other computers in", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 for any free one", wholeNumberIn("--port", 0, 65_535), 4711);
  // Not runSession: a server ends in its own time, not at the next checkpoint.
  withCommonOptions(command).action(async ({ workspace, host, port, json, quiet }: Options) => {
    const { serve } = await import("../server/index.ts");
    const { Jobs } = await import("../jobs/index.ts");
    const aside = quiet === true ? (): void => undefined : say;
    const logger = { info: aside, warn: (code: string, message: string) => aside(`notice: ${code}: ${message}`) };
    const serving = await serve({ workspace, host, port, engine: (store, tell) => new Jobs({ store, tell, logger }), logger });
    const words = language() === "ja" ? japanese : english;
    const { addresses, setupLink, open } = serving;
    // Before anybody reads where it is: a program may end it at once.
    const wanted = stopWanted();
    process.stdout.write(json === true ? `${JSON.stringify({ addresses, setupLink, open }, undefined, 2)}\n` : `${greeting(serving, words)}\n`);
    await wanted;
    aside(words.stopping);
    await serving.stop();
  });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What is said where the app is started, by people who may not program: in their language, as the rest of the app is. */
interface Words {
  readonly first: string;
  readonly ready: string;
  readonly others: string;
  readonly closed: string;
  readonly open: readonly string[];
  readonly end: string;
  readonly stopping: string;
}

const english: Words = {
  first: "Catwise is ready. Open this link to make the administrator (works once):",
  ready: "Catwise is ready:",
  others: "Then, from other computers:",
  closed: "Only this computer can reach it.",
  open: ["Other computers of this network can reach it, without encryption: anybody there can read along what is sent.", "Let only networks you trust in, or put a proxy with TLS in front."],
  end: "Ctrl-C ends it.",
  stopping: "Stopping; what is under way can be continued.",
};

const japanese: Words = {
  first: "準備ができました。次のリンクを開いて管理者を登録してください（1回だけ使えます）：",
  ready: "準備ができました：",
  others: "登録のあと、ほかのパソコンからは：",
  closed: "このパソコンからだけ開けます。",
  open: ["同じネットワークのほかのパソコンからも開けます。通信は暗号化されず、送る内容を読まれるおそれがあります。", "信頼できるネットワークでだけ使うか、TLSのプロキシを前に置いてください。"],
  end: "終了するには、Ctrlを押しながらCを押します。",
  stopping: "終了しています。途中の作業は、あとで続けられます。",
};

/** The language of the person's computer. */
function language(): string {
  return new Intl.Locale(new Intl.DateTimeFormat().resolvedOptions().locale).language;
}

function greeting({ addresses, setupLink, open }: Serving, words: Words): string {
  const begin = setupLink === null ? [words.ready, ...addresses.map((address) => `  ${address}`)] : [words.first, `  ${setupLink}`];
  const others = setupLink !== null && addresses.length > 1 ? [words.others, ...addresses.slice(1).map((address) => `  ${address}`)] : [];
  return [...begin, ...others, ...(open ? words.open : [words.closed]), words.end].join("\n");
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
