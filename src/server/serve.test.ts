import { createHash } from "node:crypto";
import { request } from "node:http";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "../workspace/index.ts";
import { serve } from "./serve.ts";
import { idleEngine } from "./server.cases.ts";

const quiet = { info: () => undefined, warn: () => undefined };

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "catwise-serve-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe("serving a workspace", () => {
  it("prints a link that works once with its token in the fragment, tells browsers of its end, and closes what it opened", async () => {
    const workspace = folder();
    const serving = await serve({ workspace, port: 0, engine: idleEngine, logger: quiet });
    const link = new URL(serving.setupLink!);
    expect([serving.open, link.pathname, link.search, link.hostname]).toEqual([false, "/setup", "", "127.0.0.1"]);
    const token = link.hash.slice(1);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const setup = await fetch(new URL("/api/v1/setup", link), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token, name: "Mori", password: "a long password", language: "en" }) });
    expect(setup.status).toBe(200);
    const cookie = setup.headers.get("set-cookie")!.split(";")[0];
    const news = new Promise<string>((resolve, reject) => {
      const asked = request(new URL("/api/v1/events", link), { headers: { cookie } }, (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => (text += piece.toString()));
        response.on("end", () => resolve(text));
        // The server stops once somebody listens.
        response.once("data", () => void serving.stop());
      });
      asked.on("error", reject);
      asked.end();
    });
    expect(await news).toContain("event: stopping");
    await expect(fetch(link)).rejects.toThrow();
    const store = openStore(workspace, { create: false });
    expect([store.people.list().map(({ name }) => name), store.isWhole(), store.log.isWhole()]).toEqual([["Mori"], true, true]);
    store.close();
  });

  it("prints another link as long as nobody is there, and none afterwards; only hashes lie on the disk", async () => {
    const workspace = folder();
    const first = await serve({ workspace, port: 0, engine: idleEngine, logger: quiet });
    await first.stop();
    const second = await serve({ workspace, port: 0, engine: idleEngine, logger: quiet });
    expect(second.setupLink).not.toBe(first.setupLink);
    await second.stop();
    const store = openStore(workspace);
    expect(() => store.sessions.setUp(hashOfToken(first.setupLink), "Kato", "hash")).toThrow("used");
    store.sessions.setUp(hashOfToken(second.setupLink), "Mori", "hash");
    store.close();
    const third = await serve({ workspace, port: 0, engine: idleEngine, logger: quiet });
    expect(third.setupLink).toBeNull();
    await third.stop();
  });

  it("on a port that is taken, or an address that is not this computer's, says so and leaves the workspace closed", async () => {
    const first = await serve({ workspace: folder(), port: 0, engine: idleEngine, logger: quiet });
    const workspace = folder();
    await expect(serve({ workspace, port: Number(new URL(first.addresses[0]).port), engine: idleEngine, logger: quiet })).rejects.toMatchObject({ code: "output.exists" });
    await expect(serve({ workspace, host: "192.0.2.1", port: 0, engine: idleEngine, logger: quiet })).rejects.toMatchObject({ code: "output.unwritable" });
    await first.stop();
    openStore(workspace).close();
  });

  it("on a port that is taken makes no workspace", async () => {
    const first = await serve({ workspace: folder(), port: 0, engine: idleEngine, logger: quiet });
    const workspace = join(folder(), "new");
    await expect(serve({ workspace, port: Number(new URL(first.addresses[0]).port), engine: idleEngine, logger: quiet })).rejects.toMatchObject({ code: "output.exists", place: { field: "--port" } });
    expect(existsSync(workspace)).toBe(false);
    await first.stop();
  });

  it("that is served already is refused, and served again when the other server has ended or was killed", async () => {
    const workspace = folder();
    const first = await serve({ workspace, port: 0, engine: idleEngine, logger: quiet });
    await expect(serve({ workspace, port: 0, engine: idleEngine, logger: quiet })).rejects.toMatchObject({ code: "workspace.busy", place: { file: workspace } });
    await first.stop();
    writeFileSync(join(workspace, "serving.lock"), "4194304999");
    const second = await serve({ workspace, port: 0, engine: idleEngine, logger: quiet });
    await second.stop();
    expect(existsSync(join(workspace, "serving.lock"))).toBe(false);
  });

  it("for other computers too says so", async () => {
    const serving = await serve({ workspace: folder(), host: "0.0.0.0", port: 0, engine: idleEngine, logger: quiet });
    expect(serving.open).toBe(true);
    expect(serving.addresses[0]).toContain("127.0.0.1");
    await serving.stop();
  });
});

function hashOfToken(link: string | null): string {
  return createHash("sha256").update(new URL(link!).hash.slice(1)).digest("hex");
}
