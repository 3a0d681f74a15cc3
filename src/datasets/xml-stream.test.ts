import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CatwiseError } from "../errors.ts";
import { readXmlElements } from "./xml-stream.ts";
import type { XmlElement } from "./xml-stream.ts";

async function put(content: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "catwise-xml-")), "a.xml");
  await writeFile(path, content);
  return path;
}

async function read(content: string | Uint8Array, wanted: readonly string[] = [""], encoding?: string): Promise<XmlElement[]> {
  const found: XmlElement[] = [];
  for await (const element of readXmlElements(await put(content), "r", wanted, encoding)) found.push(element);
  return found;
}

async function failure(content: string | Uint8Array): Promise<CatwiseError> {
  const outcome = await read(content).catch((error: unknown) => error);
  if (outcome instanceof CatwiseError) return outcome;
  throw new Error("expected a CatwiseError", { cause: outcome });
}

describe("XML elements", () => {
  it("are given whole, with what they stand in and where they begin", async () => {
    const [first, second, ...more] = await read('<r>\n <t id="7"><a x="1">p<b/>q</a>\n  <a\n   x="2"/></t><u/></r>', ["t/*"]);
    expect(more).toEqual([]);
    expect([first?.name, { ...first?.attributes }, first?.text, first?.children.map(({ name }) => name)]).toEqual(["a", { x: "1" }, "pq", ["b"]]);
    expect(first?.above.map(({ name }) => name)).toEqual(["r", "t"]);
    expect(first?.above[1]?.attributes["id"]).toBe("7");
    expect([first?.place.line, first?.place.column]).toEqual([2, 12]);
    expect([second?.place.line, second?.place.column]).toEqual([3, undefined]);
  });

  it("know character references and CDATA, and no entity but the five", async () => {
    expect((await read("<!DOCTYPE r [<!ENTITY x 'y'>]><r>&lt;&#233;&#x3042;<![CDATA[<&]]></r>"))[0]?.text).toBe("<éあ<&");
    for (const name of ["x", "toString", "constructor", "__proto__"]) expect((await failure(`<!DOCTYPE r [<!ENTITY x 'y'>]><r>&${name};</r>`)).message).toContain("undefined entity");
  });

  it("are decoded as the file declares, by its byte order mark, or as the caller says", async () => {
    expect((await read(Buffer.concat([Buffer.from('<?xml version="1.0" encoding="Shift_JIS"?><r>'), Buffer.from([0x94, 0x4c]), Buffer.from("</r>")])))[0]?.text).toBe("猫");
    expect((await read(Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><r>猫</r>', "utf16le")))[0]?.text).toBe("猫");
    expect((await read('<?xml version="1.0" encoding="utf-16"?><r>猫</r>'))[0]?.text).toBe("猫");
    expect((await read(Buffer.from("<r>é</r>", "latin1"), [""], "windows-1252"))[0]?.text).toBe("é");
    expect((await failure('<?xml version="1.0" encoding="klingon"?><r/>')).code).toBe("file.encoding");
    expect((await failure(Buffer.from("<r>é</r>", "latin1"))).code).toBe("file.encoding");
  });

  it.each([
    ["<r>\n<a></b></r>", 2],
    ["<r>\n\n<a>", 3],
    ["<s/>", 1],
    [`<r>${"<a>".repeat(70)}`, 1],
    ["<r/>\n<r/>", 2],
    ["no xml", 1],
  ])("refuse %j with the line", async (content, line) => {
    const error = await failure(content);
    expect([error.code, error.place.line]).toEqual(["file.malformed", line]);
  });

  it("before a fault are given out before the fault is", async () => {
    const seen: string[] = [];
    const attempt = (async () => {
      for await (const { name } of readXmlElements(await put("<r><a/><b/><c x></r>"), "r", ["*"])) seen.push(name);
    })();
    await expect(attempt).rejects.toThrow("expected XML");
    expect(seen).toEqual(["a", "b"]);
  });

  it("keep no more than one of them in memory, and refuse one that would fill it", async () => {
    const path = await put(`<r>${`<a x="${"y".repeat(1000)}"/>`.repeat(60_000)}</r>`);
    let [count, peak] = [0, 0];
    const before = process.memoryUsage().heapUsed;
    for await (const { name } of readXmlElements(path, "r", ["a"])) {
      count += name.length;
      if (count % 1000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
    expect(count).toBe(60_000);
    expect(peak).toBeLessThan(50e6);
    expect((await failure(`<r>${"y".repeat(70_000_000)}</r>`)).message).toContain("larger than 64 MB");
    expect((await failure(`<r>${`<a x="${"y".repeat(1000)}"/>`.repeat(70_000)}</r>`)).message).toContain("larger than 64 MB");
  });
});
