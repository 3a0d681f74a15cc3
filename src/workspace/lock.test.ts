import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withLock } from "./lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catwise-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("withLock", () => {
  it("holds the process's id while it runs and leaves nothing, also after a failure", async () => {
    const path = join(folder, "f.lock");
    expect(await withLock(path, () => Promise.resolve(readFileSync(path, "utf8")))).toBe(String(process.pid));
    expect(existsSync(path)).toBe(false);
    await expect(withLock(path, () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect(existsSync(path)).toBe(false);
  });

  it("refuses while a running process holds it, and names the output", async () => {
    const path = join(folder, "f.safetensors.lock");
    await withLock(path, async () => {
      await expect(withLock(path, () => Promise.resolve())).rejects.toMatchObject({ code: "output.exists", place: { file: join(folder, "f.safetensors") } });
      expect(existsSync(path)).toBe(true);
    });
  });

  it("waits for another of its own process where it is told what to do meanwhile", async () => {
    const path = join(folder, "f.lock");
    const order: string[] = [];
    const held = Promise.withResolvers<null>();
    const first = withLock(path, () => held.promise.then(() => order.push("first")));
    await vi.waitUntil(() => existsSync(path));
    const waiting = vi.fn(() => {
      expect(order).toEqual([]);
      held.resolve(null);
    });
    await withLock(path, () => Promise.resolve(order.push("second")), { waiting });
    await first;
    expect([order, waiting.mock.calls.length > 0, existsSync(path)]).toEqual([["first", "second"], true, false]);
  });

  it.skipIf(!existsSync("/proc/self/stat"))("takes over where the process's id was given to another since (skipped where the system does not tell when a process began)", async () => {
    const path = join(folder, "f.lock");
    for (const pid of [process.pid, process.ppid]) {
      writeFileSync(path, String(pid));
      await expect(withLock(path, () => Promise.resolve())).rejects.toMatchObject({ code: "output.exists" });
      utimesSync(path, 0, 0);
      expect(await withLock(path, () => Promise.resolve("mine"))).toBe("mine");
    }
  });

  it("takes over from a process that is gone, and from a lock that says nothing", async () => {
    const path = join(folder, "f.lock");
    for (const left of ["4194304999", ""]) {
      writeFileSync(path, left);
      expect(await withLock(path, () => Promise.resolve("mine"))).toBe("mine");
    }
  });
});
