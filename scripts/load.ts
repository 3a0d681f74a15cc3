/**
 * Many programs asking for predictions at once, over HTTP on this computer, against a server of its own on a workspace of its own (drawn plates, the embedded network): the first request that is not answered
 * as it should be ends the run with exit status 1. Prints how long a picture takes by itself, how long over HTTP with nobody else there, and what many clients get.
 *
 *   npm run build && node scripts/load.ts [--clients 50] [--seconds 60] [--pictures 60]
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { demoCategories, demoSet, writeDemoImages } from "../src/datasets/index.ts";
import { openNetwork } from "../src/jobs/index.ts";
import { pictureFeatures } from "../src/model/index.ts";

const { values } = parseArgs({ options: { clients: { type: "string", default: "50" }, seconds: { type: "string", default: "60" }, pictures: { type: "string", default: "60" } } });
const [clients, seconds, count] = [values.clients, values.seconds, values.pictures].map(Number);
const folder = await mkdtemp(join(tmpdir(), "catwise-load-"));
const plates = demoSet(count, 5);
await writeDemoImages(plates, join(folder, "plates"));
const child = spawn(process.execPath, [resolve(import.meta.dirname, "../dist/cli/main.js"), "serve", "--workspace", join(folder, "workspace"), "--port", "0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });

/** What a program needs to ask. */
interface Asking {
  readonly address: string;
  readonly key: string;
}

function started(): Promise<{ readonly addresses: readonly string[]; readonly setupLink: string }> {
  return new Promise((done, fail) => {
    let text = "";
    child.stdout.on("data", (piece: Buffer) => {
      text += piece.toString();
      if (text.endsWith("}\n")) done(JSON.parse(text) as Awaited<ReturnType<typeof started>>);
    });
    child.once("close", (status) => fail(new Error(`the server ended with status ${status}`)));
  });
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** From the first link to a version that is live, as a person does it. */
async function prepare(): Promise<Asking> {
  const { addresses, setupLink } = await started();
  const api = new URL("api/v1/", addresses[0]);
  let headers: Record<string, string> = { "content-type": "application/json" };
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(new URL(path, api), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers.get("set-cookie");
    const content = (await answer.json()) as T;
    if (cookie !== null) headers = { ...headers, cookie: cookie.split(";")[0], "x-csrf-token": (content as { csrf: string }).csrf };
    return content;
  };
  const done = async (job: { id: string }): Promise<{ result: Record<string, unknown> }> => {
    for (;;) {
      const now = await ask<{ state: string; problem: unknown; result: Record<string, unknown> }>("GET", `jobs/${job.id}`);
      if (now.state === "done") return now;
      if (["failed", "stopped", "interrupted"].includes(now.state)) throw new Error(JSON.stringify(now.problem));
      await new Promise((again) => setTimeout(again, 200));
    }
  };
  await ask("POST", "setup", { token: new URL(setupLink).hash.slice(1), name: "Load", password: "a long password", language: "en" });
  const { id: project } = await ask<{ id: string }>("POST", "projects", { name: "Plates", categories: demoCategories.slice(0, 3) });
  await done(await ask("POST", `projects/${project}/imports`, { folder: join(folder, "plates"), copy: true, groups: "none" }));
  const categories = await ask<{ id: string }[]>("GET", `projects/${project}/categories`);
  for (let from = 0; from < count; from += 100) {
    const { items } = await ask<{ items: { id: string; name: string }[] }>("GET", `projects/${project}/pictures?from=${from}&to=${from + 100}`);
    const answers = items.flatMap(({ id, name }) => {
      const plate = plates.find((one) => one.id === name)!;
      return categories.map((category, c) => ({ id: hash(`${id}/${category.id}`), picture: id, category: category.id, value: plate.labels[c] === 1 ? "yes" : "no", how: "single", act: hash(id), at: new Date().toISOString() }));
    });
    await ask("POST", `projects/${project}/answers`, answers);
  }
  const { result } = await done(await ask("POST", `projects/${project}/improvements`, { model: null, categories: null, priority: [], budgetSeconds: null }));
  for (const step of ["approve", "live"]) await ask("POST", `projects/${project}/versions/${String(result["version"])}/${step}`, { reason: "load" });
  const { key } = await ask<{ key: string }>("POST", `projects/${project}/keys`, { name: "load", scopes: ["predict"] });
  return { address: new URL("predict", api).href, key };
}

/** Milliseconds of one request. */
async function predict({ address, key }: Asking, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const form = new FormData();
  form.append("files", new Blob([bytes]), "plate.png");
  const began = performance.now();
  const answer = await fetch(address, { method: "POST", headers: { "x-api-key": key }, body: form });
  const text = await answer.text();
  const took = performance.now() - began;
  const said = answer.ok ? (JSON.parse(text) as { pictures: { problem: unknown; categories: unknown[] }[] }).pictures[0] : null;
  if (said === null || said.problem !== null || said.categories.length === 0) throw new Error(`${answer.status} ${text}`);
  return took;
}

/** A picture's features in this process, nothing else going on: decoding, preparing, the network. */
async function alone(pictures: readonly Uint8Array[]): Promise<number[]> {
  const network = await openNetwork(join(folder, "workspace"), { kind: "embedded", hash: null });
  const times: number[] = [];
  for (let at = 0; at < 220; at++) {
    const began = performance.now();
    await pictureFeatures(pictures[at % pictures.length], network);
    if (at >= 20) times.push(performance.now() - began);
  }
  await network.close();
  return times;
}

function middle(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)];
}

function told(times: readonly number[]): string {
  const ascending = times.toSorted((one, other) => one - other);
  const [median, late] = [0.5, 0.95].map((share) => ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))].toFixed(1));
  return `median ${median} ms, 95th percentile ${late} ms, longest ${ascending.at(-1)!.toFixed(1)} ms`;
}

try {
  const asking = await prepare();
  const pictures = await Promise.all(plates.slice(0, 20).map(async ({ id }) => new Uint8Array(await readFile(join(folder, "plates", id)))));
  const inference = await alone(pictures);
  const single: number[] = [];
  for (let at = 0; at < 220; at++) {
    const took = await predict(asking, pictures[at % pictures.length]);
    if (at >= 20) single.push(took);
  }
  const until = performance.now() + 1000 * seconds;
  const client = async (at: number): Promise<number[]> => {
    const times: number[] = [];
    for (let turn = at; performance.now() < until; turn++) times.push(await predict(asking, pictures[turn % pictures.length]));
    return times;
  };
  const many = (await Promise.all(Array.from({ length: clients }, (_, at) => client(at)))).flat();
  process.stdout.write(
    [
      `Node ${process.version}, ${cpus().length} cores of ${cpus()[0].model}`,
      `A picture by itself: ${told(inference)}`,
      `Over HTTP, one client: ${told(single)}; ${(middle(single) - middle(inference)).toFixed(1)} ms more than by itself`,
      `Over HTTP, ${clients} clients for ${seconds} s: ${many.length} answers, no failure, ${(many.length / seconds).toFixed(1)} a second (one after another by itself: ${(1000 / middle(inference)).toFixed(1)}); ${told(many)}`,
      "",
    ].join("\n"),
  );
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  const ended = new Promise((done) => child.once("close", done));
  child.kill("SIGTERM");
  if (child.exitCode === null) await ended;
  await rm(folder, { recursive: true, force: true });
}
