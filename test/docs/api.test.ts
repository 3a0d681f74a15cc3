import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { apiReference, declarationsOf, doors, keyOf, resolveName } from "../../scripts/api/index.ts";

const folder = resolve(import.meta.dirname, "../../docs/reference/api");
const exported = new Map(doors.map((door) => [door.path, declarationsOf(door)]));
const all = [...exported].flatMap(([door, names]) => [...names].map(([name, declaration]) => ({ door, name, declaration })));

describe("the library's reference", () => {
  it("is what the last build's declaration files say; npm run build && node scripts/write-reference.ts renews it", () => {
    const pages = apiReference();
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
    for (const [name, text] of pages) expect(readFileSync(resolve(folder, name), "utf8"), name).toBe(text);
  });

  it("has read the doors: hundreds of names, and all that a door gives at run time is among them", async () => {
    expect(all.length).toBeGreaterThan(300);
    for (const [door, names] of exported) {
      const module = (await import(door === "." ? "catwise" : `catwise/${door.slice(2)}`)) as Record<string, unknown>;
      const values = [...names].filter(([, one]) => one.kind !== "type").map(([name]) => name);
      const rooms = door === "." ? doors.map(({ path }) => path.slice(2)).filter((room) => room !== "") : [];
      expect([...values, ...rooms].sort(), door).toEqual(Object.keys(module).sort());
    }
  });

  it("has a word on every exported name", () => {
    expect(all.filter(({ declaration }) => !/\w{3}/.test(declaration.doc)).map(({ door, name }) => `${door} ${name}`)).toEqual([]);
  });

  it("speaks of no type that cannot be imported by its name", () => {
    const known = new Set(all.map(({ declaration }) => keyOf(declaration)));
    const hidden = all.flatMap(({ door, name, declaration }) =>
      declaration.mentions.flatMap((mention) => {
        const found = resolveName(declaration.file, mention);
        return found === null || known.has(keyOf(found)) ? [] : [`${door} ${name} speaks of ${mention}`];
      }),
    );
    expect(hidden).toEqual([]);
  });
});
