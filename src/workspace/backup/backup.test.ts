import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
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

  it("leaves out the lock of whoever writes features, and what a job had on its way when that got its place meanwhile", async () => {
    const { store } = filled();
    const { path, jobs } = store.folder;
    mkdirSync(join(path, "features", "net"), { recursive: true });
    for (const name of ["writing.lock", "0001.bin"]) writeFileSync(join(path, "features", "net", name), "x");
    mkdirSync(join(jobs, "5"), { recursive: true });
    writeFileSync(join(jobs, "5", "a.bin"), Buffer.alloc(40_000_000, 3));
    writeFileSync(join(jobs, "5", "b.bin"), "on its way");
    const [file, target] = [join(temporaryFolder(), "a.tar"), join(temporaryFolder(), "again")];
    const running = backUp(path, file);
    // The folder was read, and its first file is being written.
    await vi.waitUntil(() => existsSync(`${file}.partial`) && statSync(`${file}.partial`).size > 5_000_000, { interval: 1 });
    rmSync(join(jobs, "5", "b.bin"));
    await running;
    await restore(file, target);
    expect(readdirSync(join(target, "features", "net"))).toEqual(["0001.bin"]);
    expect(readdirSync(join(target, "jobs", "5"))).toEqual(["a.bin"]);
  });

  it("holds files with long names too, such as the weights beside a model", async () => {
    const { store } = filled();
    const name = join("models", "c".repeat(64), `${"w".repeat(70)}.bin`);
    mkdirSync(join(store.folder.path, name, ".."));
    writeFileSync(join(store.folder.path, name), "weights");
    const [folder, target] = [temporaryFolder(), join(temporaryFolder(), "again")];
    const file = join(folder, "a.tar");
    await backUp(store.folder.path, file);
    expect(execFileSync("tar", ["-tf", file], { encoding: "utf8" })).toContain(name);
    await restore(file, target);
    expect(readFileSync(join(target, name), "utf8")).toBe("weights");
  });

  it("and what is restored of it are for their owner alone, as a workspace is", async () => {
    const { store } = filled();
    const [file, target] = [join(temporaryFolder(), "a.tar"), join(temporaryFolder(), "again")];
    await backUp(store.folder.path, file);
    await restore(file, target);
    const modes = [file, target, join(target, "versions"), join(target, "versions", "1")].map((path) => (statSync(path).mode & 0o777).toString(8));
    expect(modes).toEqual(["600", "700", "700", "700"]);
  });

  it("is made only where its folder is there, and outside of the workspace", async () => {
    const { store } = filled();
    const folder = temporaryFolder();
    await expect(backUp(store.folder.path, join(folder, "mondays", "a.tar"))).rejects.toMatchObject({ code: "output.unwritable", message: expect.stringContaining("there is no folder") as string });
    expect(existsSync(join(folder, "mondays"))).toBe(false);
    symlinkSync(store.folder.path, join(folder, "way-in"));
    for (const inside of [join(store.folder.path, "a.tar"), join(store.folder.path, "pictures", "a.tar"), join(folder, "way-in", "a.tar")]) {
      await expect(backUp(store.folder.path, inside), inside).rejects.toMatchObject({ code: "output.unwritable", message: expect.stringContaining("cannot lie in the workspace") as string });
    }
  });

  it.skipIf(process.getuid?.() === 0)("of a workspace that may not be written says that, and one restored where nothing may be written too (skipped for root, whom permission bits do not bind)", async () => {
    const { store } = filled();
    const folder = temporaryFolder();
    const file = join(folder, "a.tar");
    await backUp(store.folder.path, file);
    chmodSync(store.folder.path, 0o555);
    await expect(backUp(store.folder.path, join(folder, "b.tar"))).rejects.toMatchObject({ code: "output.unwritable", place: { file: store.folder.path }, remedy: expect.stringContaining("as whoever serves it") as string });
    chmodSync(store.folder.path, 0o755);
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o555 });
    await expect(restore(file, join(closed, "again"))).rejects.toMatchObject({ code: "output.unwritable", message: expect.not.stringContaining("ENOENT") as string });
  });

  it("is restored over nothing that came meanwhile, and removes nothing that was called as its own remains are", async () => {
    const { store } = filled();
    const folder = temporaryFolder();
    const [file, target] = [join(folder, "a.tar"), join(folder, "target")];
    await backUp(store.folder.path, file);
    mkdirSync(`${target}.partial`);
    writeFileSync(join(`${target}.partial`, "mine.txt"), "mine");
    mkdirSync(target);
    const running = restore(file, target);
    // It is empty when the restoring looks, and holds something before it ends.
    await vi.waitUntil(() => readdirSync(folder).some((name) => /^target\.[0-9a-f]{8}\.partial$/.test(name)), { interval: 1 });
    writeFileSync(join(target, "new.txt"), "mine too");
    await expect(running).rejects.toMatchObject({ code: "output.exists" });
    expect([readFileSync(join(target, "new.txt"), "utf8"), readFileSync(join(`${target}.partial`, "mine.txt"), "utf8"), readdirSync(folder).sort()]).toEqual(["mine too", "mine", ["a.tar", "target", "target.partial"]]);
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
