import { mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../store/index.ts";
import { answer, scene, temporaryFolder, type Scene } from "../store/store.cases.ts";
import { backUp, restore } from "./backup.ts";

function filled(): Scene {
  const made = scene(3);
  made.store.answers.add(made.project, made.people[0], [answer(made.pictures[0], made.categories[0], "yes")]);
  made.store.log.add({ project: made.project, person: made.people[0], action: "note" });
  const { pictures, versions, thumbnails } = made.store.folder;
  mkdirSync(join(pictures, "ab"));
  writeFileSync(join(pictures, "ab", `${"ab".repeat(32)}.jpg`), Buffer.alloc(100_000, 7));
  mkdirSync(join(versions, "1"));
  writeFileSync(join(versions, "1", "story.json"), "{}");
  writeFileSync(join(versions, "1", "empty.bin"), "");
  writeFileSync(join(thumbnails, "small.webp"), "made again");
  return made;
}

describe("a backup", () => {
  it("made while the workspace is open is restored in another folder with all answers, files and the log, and without what is made again", async () => {
    const { store, project, categories: [scratch], pictures: [first], people: [sato] } = filled();
    const file = join(temporaryFolder(), "monday.tar");
    const told = await backUp(store.folder.path, file);
    store.answers.add(project, sato, [answer(first, scratch, "no")]);
    const target = join(temporaryFolder(), "again");
    expect(await restore(file, target)).toEqual(told);
    const again = openStore(target, { create: false });
    expect(again.cells.history(first, scratch).map(({ value }) => value)).toEqual(["yes"]);
    expect(again.log.isWhole()).toBe(true);
    again.close();
    expect(readFileSync(join(target, "pictures", "ab", `${"ab".repeat(32)}.jpg`))).toEqual(Buffer.alloc(100_000, 7));
    expect(readFileSync(join(target, "versions", "1", "empty.bin"))).toHaveLength(0);
    expect(readdirSync(join(target, "thumbnails"))).toEqual([]);
    expect(store.cells.history(first, scratch)).toHaveLength(2);
  });

  it("is a plain tar archive that other programs open", async () => {
    const { store } = filled();
    const file = join(temporaryFolder(), "a.tar");
    await backUp(store.folder.path, file);
    const names = execFileSync("tar", ["-tf", file], { encoding: "utf8" }).trim().split("\n");
    expect(names).toEqual(["workspace.json", "catwise.sqlite", `pictures/ab/${"ab".repeat(32)}.jpg`, "versions/1/empty.bin", "versions/1/story.json", "catwise-backup.json"]);
  });

  it("is never written over another file, nor restored over anything", async () => {
    const { store } = filled();
    const folder = temporaryFolder();
    const file = join(folder, "a.tar");
    await backUp(store.folder.path, file);
    await expect(backUp(store.folder.path, file)).rejects.toThrow("already");
    await expect(restore(file, folder)).rejects.toThrow("not empty");
    await expect(backUp(join(folder, "none"), join(folder, "b.tar"))).rejects.toThrow("no workspace");
    expect(readdirSync(folder)).toEqual(["a.tar"]);
  });

  it("that was cut off, or in which a byte changed, is refused, and nothing is left of it", async () => {
    const { store } = filled();
    const folder = temporaryFolder();
    const file = join(folder, "a.tar");
    await backUp(store.folder.path, file);
    const bytes = readFileSync(file);
    const target = join(folder, "target");
    for (const length of [0, 100, 513, bytes.length / 2, bytes.length - 3000]) {
      writeFileSync(join(folder, "cut.tar"), bytes.subarray(0, length));
      await expect(restore(join(folder, "cut.tar"), target), `cut to ${length}`).rejects.toMatchObject({ code: "workspace.backup" });
    }
    for (const at of [10, 515, 5000, 200_000, bytes.indexOf("sha256")]) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at] ^ 1;
      writeFileSync(join(folder, "changed.tar"), changed);
      await expect(restore(join(folder, "changed.tar"), target), `changed at ${at}`).rejects.toMatchObject({ code: "workspace.backup" });
    }
    expect(existsSync(target)).toBe(false);
    expect(existsSync(`${target}.partial`)).toBe(false);
  });

  it("that holds a way out of the folder is refused", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "evil.txt"), "evil");
    mkdirSync(join(folder, "in"));
    execFileSync("tar", ["-cPf", join(folder, "evil.tar"), "--format=ustar", "../evil.txt"], { cwd: join(folder, "in") });
    await expect(restore(join(folder, "evil.tar"), join(folder, "target"))).rejects.toThrow("no file of a workspace");
    expect(readFileSync(join(folder, "evil.txt"), "utf8")).toBe("evil");
  });
});
