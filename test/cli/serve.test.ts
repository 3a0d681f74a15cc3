import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const command = resolve(import.meta.dirname, "../../dist/cli/main.js");

/** A served workspace of its own, once what it prints is as `whole` says; `end` sends it a signal and tells its exit status with all it said on stderr. */
async function served(options: readonly string[], whole: RegExp, env: NodeJS.ProcessEnv = process.env) {
  const folder = mkdtempSync(join(tmpdir(), "catwise-serve-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [command, "serve", "--workspace", join(folder, "line-b"), "--port", "0", ...options], { stdio: ["ignore", "pipe", "pipe"], env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, problems] = ["", ""];
  child.stderr.on("data", (piece: Buffer) => (problems += piece.toString()));
  await new Promise<void>((ready, fail) => {
    child.stdout.on("data", (piece: Buffer) => {
      out += piece.toString();
      if (whole.test(out)) ready();
    });
    child.once("close", () => fail(new Error(problems)));
  });
  const end = async (signal: NodeJS.Signals): Promise<[unknown, string]> => {
    const ended = new Promise((done) => child.once("close", done));
    child.kill(signal);
    return [await ended, problems];
  };
  return { out, end };
}

describe("catwise serve", () => {
  it.each([
    ["en_GB.UTF-8", /works once\):\n {2}http:\/\/127\.0\.0\.1:\d+\/setup#[\w-]{43}\nOnly this computer can reach it\./, "Stopping"],
    ["ja_JP.UTF-8", /1回だけ使えます）：\n {2}http:\/\/127\.0\.0\.1:\d+\/setup#[\w-]{43}\nこのパソコンからだけ開けます。/, "終了しています"],
  ])("prints the link in the language of the computer (%s), answers, and ends in order at Ctrl-C with exit status 0", async (locale, greeting, stopping) => {
    const { out, end } = await served([], /Ctrl.*C/, { ...process.env, LC_ALL: locale });
    expect(out).toMatch(greeting);
    const health = await fetch(new URL("/api/v1/health", /http\S+/.exec(out)![0]));
    expect(await health.json()).toEqual({ ok: true });
    expect(await end("SIGINT")).toEqual([0, expect.stringContaining(stopping)]);
  });

  it("tells with --json where it is reached as one document, and nothing else with --quiet", async () => {
    const { out, end } = await served(["--json", "--quiet"], /\}\n$/);
    const told = JSON.parse(out) as { addresses: string[]; setupLink: string; open: boolean };
    expect([told.addresses.length, told.setupLink.startsWith(told.addresses[0]), told.open]).toEqual([1, true, false]);
    expect(await end("SIGTERM")).toEqual([0, ""]);
  });
});
