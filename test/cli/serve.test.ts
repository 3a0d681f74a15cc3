import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const command = resolve(import.meta.dirname, "../../dist/cli/main.js");

describe("catwise serve", () => {
  it("prints the link, answers, and ends in order at Ctrl-C with exit status 0", async () => {
    const folder = mkdtempSync(join(tmpdir(), "catwise-serve-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const child = spawn(process.execPath, [command, "serve", "--workspace", join(folder, "line-b"), "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let [out, problems] = ["", ""];
    child.stderr.on("data", (piece: Buffer) => (problems += piece.toString()));
    await new Promise<void>((ready, fail) => {
      child.stdout.on("data", (piece: Buffer) => {
        out += piece.toString();
        if (out.includes("Ctrl-C")) ready();
      });
      child.once("close", () => fail(new Error(problems)));
    });
    expect(out).toMatch(/works once\):\n {2}http:\/\/127\.0\.0\.1:\d+\/setup#[\w-]{43}\nOnly this computer can reach it\./);
    const health = await fetch(new URL("/api/v1/health", /http\S+/.exec(out)![0]));
    expect(await health.json()).toEqual({ ok: true });
    const ended = new Promise((done) => child.once("close", done));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(problems).toContain("Stopping");
  });
});
