/** Works in a workspace as fast as it can until it is killed, and prints a line for everything the store has acknowledged. Started by killed.test.ts: node answering.ts WORKSPACE PROJECT PERSON NUMBER. */
import { createHash, randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import type * as workspace from "../../src/workspace/index.ts";

const built = new URL("../../dist/workspace/store/index.js", import.meta.url).href;
const { openStore } = (await import(built)) as typeof workspace;
const [folder, project, person, number] = process.argv.slice(2) as [string, string, string, string];
const store = openStore(folder, { create: false });
const categories = store.categories.list(project).map(({ id }) => id);
const pictures = store.pictures.list(project).items.map(({ id }) => id);
const hex = (): string => randomBytes(16).toString("hex");
const acknowledge = (kind: string, ...ids: readonly string[]): void => void writeSync(1, ids.map((id) => `${kind} ${id}\n`).join(""));
const model = store.models.list(project)[0].id;

for (let round = 0; ; round += 1) {
  const act = hex();
  const size = round % 5 === 0 ? 20 : 1;
  const answers = Array.from({ length: size }, (_, at) => ({ id: hex(), picture: pictures[(round * 7 + at) % pictures.length], category: categories[round % categories.length], value: (["yes", "no", "unsure"] as const)[round % 3], how: size > 1 ? ("batch" as const) : ("single" as const), act, at: new Date().toISOString() }));
  acknowledge("answer", ...store.answers.add(project, person, answers).filter(({ status }) => status === "saved").map(({ id }) => id));
  if (round % 4 === 3) acknowledge("act", store.answers.undo(project, person, hex(), null).act);
  if (round % 6 === 1) {
    const hash = createHash("sha256").update(`${number} ${round} ${hex()}`).digest("hex");
    const [added] = store.pictures.add(project, [{ content: { hash, bytes: 1, format: "jpg", width: 1, height: 1, reference: null }, name: `${hash}.jpg`, group: null, job: null, person }]);
    acknowledge("picture", added.picture);
  }
  if (round % 9 === 2) {
    const { id } = store.versions.add(project, { model, parent: null, job: null, story: [], categories }, person);
    store.versions.propose(project, id, person, "better");
    store.versions.approve(project, id, person, "agreed", null);
    acknowledge("live", store.versions.makeLive(project, id, person, "pilot").id);
  }
}
