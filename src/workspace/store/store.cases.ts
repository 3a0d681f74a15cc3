/** A workspace in a temporary folder, with the few things most tests of the store begin with. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openStore, type AnswerRequest, type PictureRequest, type Store } from "./index.ts";

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "catwise-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryStore(now?: () => number): Store {
  const store = openStore(temporaryFolder(), now === undefined ? {} : { now });
  onTestFinished(() => store.close());
  return store;
}

export function pictureRequest(name: string, group: string | null = null): PictureRequest {
  const hash = createHash("sha256").update(name).digest("hex");
  return { content: { hash, bytes: 1000, format: "jpg", width: 40, height: 30, reference: null }, name, group, job: null, person: null };
}

export const token = (): string => randomBytes(16).toString("hex");

export interface Scene {
  readonly store: Store;
  readonly project: string;
  readonly categories: readonly string[];
  readonly pictures: readonly string[];
  readonly people: readonly string[];
}

/** A project with two categories, `count` pictures, and three annotators. */
export function scene(count = 6, now?: () => number): Scene {
  const store = temporaryStore(now);
  const people = ["Sato", "Ito", "Mori"].map((name, at) => store.people.add(name, at === 2 ? "administrator" : "annotator", "hash").id);
  const project = store.projects.add("Line B", people[0]).id;
  const categories = ["scratch", "dent"].map((name) => store.categories.add(project, { name }).id);
  const pictures = store.pictures.add(project, Array.from({ length: count }, (_, at) => pictureRequest(`p${at}.jpg`))).map(({ picture }) => picture);
  return { store, project, categories, pictures, people };
}

export function answer(picture: string, category: string, value: AnswerRequest["value"], act = token()): AnswerRequest {
  return { id: token(), picture, category, value, how: "single", act, at: "2026-11-23T05:00:00.000Z" };
}
