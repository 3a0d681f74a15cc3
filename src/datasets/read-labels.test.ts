import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { CatwiseError } from "../errors.ts";
import { readLabels } from "./index.ts";
import type { LabelFile, ReadLabelsOptions } from "./index.ts";

const packs = resolve(import.meta.dirname, "../../../shared/data/packs");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-datasets-"));
});

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function read(content: string | Uint8Array, options: ReadLabelsOptions = {}): Promise<LabelFile> {
  return readLabels(await put("labels.csv", content), options);
}

async function failure(attempt: Promise<unknown>): Promise<CatwiseError> {
  const outcome = await attempt.catch((error: unknown) => error);
  if (outcome instanceof CatwiseError) return outcome;
  throw new Error("expected a CatwiseError", { cause: outcome });
}

/** Rows as text: 1, 0, u for the three values, . for unknown. */
function table({ labels }: LabelFile): Record<string, string> {
  return Object.fromEntries(
    labels.imageIds.map((id, row) => {
      const cells = Array<string>(labels.categories.length).fill(".");
      for (let i = labels.rowStart[row]; i < labels.rowStart[row + 1]; i += 1) cells[labels.category[i]] = "01u"[labels.value[i]];
      return [id, cells.join("")];
    }),
  );
}

function npy(shape: string, body: number[]): Uint8Array {
  const header = new TextEncoder().encode(`{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`);
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0, ...header, ...body]);
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const codes = (file: LabelFile): string[] => file.notices.map(({ code }) => code);

describe("wide CSV", () => {
  it("tells positive, negative, unknown and uncertain apart", async () => {
    const file = await read("image,cat,dog,cow\na,1,0,\nb,?,-1,u\nc, 1 ,0,1\n");
    expect(table(file)).toEqual({ a: "10.", b: ".uu", c: "101" });
    expect(file.labels.categories).toEqual(["cat", "dog", "cow"]);
    expect([file.split, file.groups]).toEqual([null, null]);
    expect(file.files).toEqual([{ path: join(folder, "labels.csv"), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it("takes parts and groups from columns of their names, wherever they stand", async () => {
    const file = await read("split,image,cat,group\ntrain,a,1,g\nval,b,0,\ntest,c,1,g\n,d,1,h\n");
    expect(file.split).toEqual(["fit", "selection", "report", null]);
    expect(file.groups).toEqual(["g", null, "g", "h"]);
    expect(file.labels.categories).toEqual(["cat"]);
  });

  it("reads a byte order mark, CR LF, CR, quoted commas, quotes and line breaks, and a missing last line end", async () => {
    expect(table(await read('\uFEFFimage,"a ""b"", c"\r\n"x,\r\n1",1\r\n\r\ny,0'))).toEqual({ "x,\r\n1": "1", y: "0" });
    expect(table(await read("image,cat\rx,1\ry,0\r"))).toEqual({ x: "1", y: "0" });
  });

  it("counts lines by the file, blank lines and quoted line breaks included", async () => {
    const error = await failure(read('image,cat\r\n"x\r\ny",1\r\n\r\nz,maybe\r\n'));
    expect(error.code).toBe("labels.invalid-value");
    expect(error.place).toEqual({ file: join(folder, "labels.csv"), line: 5, column: 2, field: "cat" });
  });

  it("keeps line numbers across the pieces a large file is read in", async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `photographs/image-${i}.jpg,${i % 2}\n`);
    const error = await failure(read(`image,cat\n${rows.join("")}bad,7\n`));
    expect(error.place.line).toBe(40_002);
    const file = await read(`image,cat\n${rows.join("")}`);
    expect(file.labels.imageIds.length).toBe(40_000);
  });

  it("reads 25,000 images x 80 categories in a heap of 50 MB, in which an object for each label would not fit", async () => {
    const header = ["image", ...Array.from({ length: 80 }, (_, category) => `c${category}`)].join(",");
    const rows = Array.from({ length: 25_000 }, (_, image) => [`photos/${image}.jpg`, ...Array.from({ length: 80 }, (__, category) => ((image + category) % 5 < 2 ? image % 2 : ""))].join(","));
    const path = await put("large.csv", [header, ...rows].join("\n"));
    const script = `const { readLabels } = await import(process.argv[1]); console.log((await readLabels(process.argv[2])).labels.value.length);`;
    const run = spawnSync(process.execPath, ["--max-old-space-size=50", "--input-type=module", "--eval", script, resolve(import.meta.dirname, "index.ts"), path], { encoding: "utf8" });
    expect(run.stdout, run.stderr).toBe("800000\n");
  });

  it("merges rows of one image that agree, says so, and compares names in NFC", async () => {
    const file = await read("image,cat,dog\nか\u3099,1,\nが,,0\nが,1,0\n");
    expect(table(file)).toEqual({ が: "10" });
    expect(codes(file)).toEqual(["repeated-image"]);
  });

  it("names both lines of a cell that was given two values", async () => {
    const error = await failure(read("image,cat\na,1\nb,1\na,0\n"));
    expect(error.code).toBe("labels.conflicting-cell");
    expect(error.place).toMatchObject({ line: 4, field: "cat" });
    expect(error.message).toContain("line 2");
  });

  it("tells of categories and images without any label", async () => {
    const file = await read("image,cat,dog\na,1,\nb,?,\n");
    expect(codes(file)).toEqual(["category-without-labels", "image-without-labels"]);
    expect(file.notices[0].message).toContain('"dog"');
  });

  it.each([
    ["image,cat\na,1,0\n", "csv.ragged-row", 2],
    ["image,cat\na,1\nb\n", "csv.ragged-row", 3],
    ["image,cat,cat\na,1,1\n", "csv.duplicate-column", 1],
    ["image,cat, cat \na,1,1\n", "csv.duplicate-column", 1],
    ["picture,cat\na,1\n", "csv.missing-column", 1],
    ["image;cat\na;1\n", "csv.missing-column", 1],
    ["image,cat,\na,1,1\n", "csv.missing-column", 1],
    ['image,cat\na,1\n"b,1\n', "csv.quote", 3],
    ['image,cat\na,1\nb"c,1\n', "csv.quote", 3],
    ['image,cat\n"b"c,1\n', "csv.quote", 2],
    ["image,cat\na,2\n", "labels.invalid-value", 2],
    ["image,cat\n,1\n", "file.malformed", 2],
    ["image,cat,split\na,1,training\n", "split.invalid-part", 2],
    ["image,cat,split\na,1,train\na,1,test\n", "labels.duplicate-image", 3],
    ["image\na\n", "labels.no-categories", 1],
    ["image,cat\n", "labels.no-images", undefined],
    ["", "file.empty", undefined],
    ["\n\r\n", "file.empty", undefined],
    ["image,cat\na,\0\n", "file.malformed", undefined],
  ])("refuses %j", async (content, code, line) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line]).toEqual([code, line]);
    expect(error.place.file).toBe(join(folder, "labels.csv"));
  });
});

describe("long CSV", () => {
  it("is told by its header; confidence is the weight, and unknown cells still name image and category", async () => {
    const file = await read("category,image,value,annotator,confidence\ncat,a,1,x,0.5\ndog,a,0,y,\ncow,b,?,x,1\ndog,b,u,x,1\n");
    expect(table(file)).toEqual({ a: "10.", b: ".u." });
    expect([...file.labels.weight]).toEqual([0.5, 1, 1]);
    expect(codes(file)).toEqual(["category-without-labels"]);
  });

  it("obeys split and group columns, which say the same in every row of an image", async () => {
    const file = await read("image,split,group,category,value\na,train,lot 1,cat,1\na,fit,lot 1,dog,0\nb,,,cat,\n");
    expect([file.split, file.groups]).toEqual([["fit", null], ["lot 1", null]]);
    const error = await failure(read("image,split,category,value\na,train,cat,1\na,test,dog,0\n"));
    expect([error.code, error.place.line]).toEqual(["labels.duplicate-image", 3]);
  });

  it("says which columns it does not use", async () => {
    expect(codes(await read("image,category,value,colour\na,cat,1,red\n"))).toEqual(["ignored-columns"]);
  });

  it.each([
    ["image,category,value\na,cat,1\na,cat,0\n", "labels.conflicting-cell", 3],
    ["image,category,value\na,,1\n", "file.malformed", 2],
    ["image,category,value,confidence\na,cat,1,0\n", "labels.invalid-value", 2],
    ["image,category,value,confidence\na,cat,1,NaN\n", "labels.invalid-value", 2],
    ["image,category,value\na,cat,yes\n", "labels.invalid-value", 2],
    ["category,value\ncat,1\n", "csv.missing-column", 1],
  ])("refuses %j", async (content, code, line) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line]).toEqual([code, line]);
  });
});

describe("a split file", () => {
  it("outranks the split column and tells of images on one side only", async () => {
    const splitFile = await put("split.csv", "image,split,official,group\na,Validation,x,g\nz,fit,x,\n");
    const file = await read("image,cat,split\na,1,train\nb,0,train\n", { splitFile });
    expect([file.split, file.groups]).toEqual([["selection", null], ["g", null]]);
    expect(codes(file)).toEqual(["split-column-overridden", "image-not-in-split", "split-image-without-labels"]);
    expect(file.files.map(({ path }) => path)).toEqual([join(folder, "labels.csv"), splitFile]);
  });

  it("names line, column and field of a word that is no part", async () => {
    const splitFile = await put("split.csv", "image,split\na,train\nb,hold-out\n");
    const error = await failure(read("image,cat\na,1\n", { splitFile }));
    expect(error.code).toBe("split.invalid-part");
    expect(error.place).toEqual({ file: splitFile, line: 3, column: 2, field: "split" });
  });

  it("may name an image twice only with the same part", async () => {
    const same = await put("same.csv", "image,split\na,train\na,fit\n");
    expect((await read("image,cat\na,1\n", { splitFile: same })).split).toEqual(["fit"]);
    const other = await put("other.csv", "image,split\na,train\na,test\n");
    expect((await failure(read("image,cat\na,1\n", { splitFile: other }))).code).toBe("labels.duplicate-image");
  });
});

describe("encodings", () => {
  /** 画像,猫 in Shift_JIS: the header is `image,猫`, the image 犬.jpg. */
  const shiftJis = Uint8Array.from([...new TextEncoder().encode("image,"), 0x94, 0x4c, 10, 0x8c, 0xa2, ...new TextEncoder().encode(".jpg,1\n")]);

  it("other than UTF-8 are refused with the name of what they look like", async () => {
    const error = await failure(read(shiftJis));
    expect(error.code).toBe("file.encoding");
    expect(error.message).toContain("Shift_JIS");
    expect(error.remedy).toContain("--encoding shift_jis");
    expect(error.place.line).toBe(1);
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from("image,cat\na,1\n", "utf16le")]);
    expect((await failure(read(utf16))).remedy).toContain("utf-16le");
    expect((await failure(read(utf16.subarray(2)))).remedy).toContain("utf-16le");
    const neither = Uint8Array.from([...new TextEncoder().encode("image,cat\nb,1\na"), 0xff, ...new TextEncoder().encode(",1\n")]);
    const unknown = await failure(read(neither));
    expect([unknown.code, unknown.place.line]).toEqual(["file.encoding", 3]);
    expect(unknown.message).not.toContain("looks like");
  });

  it("are obeyed when given, and checked", async () => {
    expect(table(await read(shiftJis, { encoding: "shift_jis" }))).toEqual({ "犬.jpg": "1" });
    expect((await failure(read(shiftJis, { encoding: "euc-jp" }))).code).toBe("file.encoding");
    expect((await failure(read(shiftJis, { encoding: "klingon" }))).code).toBe("usage.invalid-value");
  });

  it("are checked to the last byte", async () => {
    const cut = Uint8Array.from([...new TextEncoder().encode("image,cat\na,1\nb,"), 0xe7]);
    expect((await failure(read(cut))).code).toBe("file.encoding");
  });
});

describe("sources", () => {
  it("may carry the prefix csv:, and no other that is not known", async () => {
    const path = await put("prefixed.csv", "image,cat\na,1\n");
    expect(table(await readLabels(`csv:${path}`))).toEqual({ a: "1" });
    const error = await failure(readLabels("kitti:folder"));
    expect(error.code).toBe("file.unknown-format");
    for (const kind of ["csv:FILE", "pack:DIR", "voc:DIR", "cvat:FILE", "label-studio:FILE", "yolo:PATH"]) expect(error.message).toContain(kind);
  });

  it("that are missing or folders are told", async () => {
    expect((await failure(readLabels(join(folder, "absent.csv")))).code).toBe("file.missing");
    expect((await failure(readLabels(folder))).code).toBe("file.unreadable");
    expect((await failure(readLabels(`pack:${folder}`))).code).toBe("file.missing");
  });

  it("that are packs must fit together", async () => {
    const pack = join(folder, "pack");
    await mkdir(pack);
    await writeFile(join(pack, "labels.npy"), npy("(2, 2)", [1, 0, 0, 1]));
    await writeFile(join(pack, "categories.json"), '["cat"]');
    expect((await failure(readLabels(`pack:${pack}`))).code).toBe("file.malformed");
    await writeFile(join(pack, "categories.json"), '["cat","dog"]');
    const file = await readLabels(`pack:${pack}`);
    expect([table(file), file.split]).toEqual([{ 0: "10", 1: "01" }, null]);
    await writeFile(join(pack, "split.npy"), npy("(2,)", [0, 3]));
    expect((await failure(readLabels(`pack:${pack}`))).code).toBe("split.invalid-part");
    await writeFile(join(pack, "split.npy"), npy("(2,)", [2, 1]));
    expect((await readLabels(`pack:${pack}`)).split).toEqual(["report", "selection"]);
    await writeFile(join(pack, "labels.npy"), npy("(2, 2)", [1, 0, 9, 1]));
    expect((await failure(readLabels(`pack:${pack}`))).place).toMatchObject({ line: 2, column: 1, field: "cat" });
  });
});

describe("hostile input", () => {
  const pieces = fc.constantFrom("image", "category", "value", "split", "group", "confidence", "a", "が", "1", "0", "?", "-1", "u", ",", ",", ",", "\n", "\n", "\r\n", '"', '""', " ", "train", "__proto__", "\uFEFF", "\0", ";");
  const rows = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", '"d,"', "が"), fc.constantFrom("1", "0", "", "?", "u", "-1")), { maxLength: 3 });
  const bytes = fc.oneof(
    fc.tuple(rows, pieces).map(([list, last]) => new TextEncoder().encode(`image,cat\n${list.map((row) => `${row.join(",")}\n`).join("")}${last},1\n`)),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(pieces, { maxLength: 60 }).map((list) => new TextEncoder().encode(list.join(""))),
    fc.tuple(fc.array(pieces, { maxLength: 40 }), fc.uint8Array({ maxLength: 3 })).map(([list, tail]) => Uint8Array.from([...new TextEncoder().encode(`image,cat\na,1\n${list.join("")}`), ...tail])),
  );

  it("gives labels or an error with a place, never anything else", async () => {
    let successes = 0;
    await fc.assert(
      fc.asyncProperty(bytes, fc.option(bytes, { freq: 1, nil: undefined }), fc.constantFrom(undefined, undefined, undefined, "shift_jis", "utf-16le"), async (content, split, encoding) => {
        const path = await put("fuzz.csv", content);
        const splitFile = split === undefined ? undefined : await put("fuzz-split.csv", split);
        const outcome = await readLabels(path, { encoding, splitFile }).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(CatwiseError);
          expect(outcome).toMatchObject({ place: { file: expect.any(String) } });
        } else successes += 1;
      }),
      { seed: 3, numRuns: 1000 },
    );
    expect(successes).toBeGreaterThan(50);
  });

  it("written as CSV gives back every cell", async () => {
    const symbols = [".", "0", "1", "u"];
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).map((text) => `x${text.replaceAll("\0", "")}`.normalize("NFC"));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(name.map((text) => text.trim()), { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom(...symbols), { minLength: 30, maxLength: 30 }),
        async (images, categories, cells) => {
          const row = (i: number): string[] => cells.slice(i * categories.length, (i + 1) * categories.length);
          const text = [["image", ...categories], ...images.map((image, i) => [image, ...row(i).map((cell) => (cell === "." ? "" : cell))])].map((fields) => `${fields.map(quoted).join(",")}\n`).join("");
          const expectedTable = Object.fromEntries(images.map((image, i) => [image, row(i).join("")]));
          expect(table(await read(text))).toEqual(expectedTable);
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe.skipIf(!existsSync(packs))("the real packs (skipped when shared/data is absent)", () => {
  it("of images are read whole, with their parts", async () => {
    const file = await readLabels(join(packs, "deeppcb/labels.csv"), { splitFile: join(packs, "deeppcb/split.csv") });
    expect(file.labels.imageIds.length).toBe(2327);
    expect(file.labels.value.length).toBe(2327 * 6);
    expect(["fit", "selection", "report"].map((part) => file.split!.filter((said) => said === part).length)).toEqual([1412, 440, 475]);
    expect(file.groups![0]).toBe("group00041");
    expect(file.notices).toEqual([]);
  });

  it("of features are read whole, with their parts", async () => {
    const file = await readLabels(`pack:${join(packs, "scene")}`);
    expect([file.labels.imageIds.length, file.labels.categories.length]).toEqual([2407, 6]);
    expect(file.labels.value.length).toBe(2407 * 6);
    expect(file.labels.imageIds[7]).toBe("7");
    expect(new Set(file.split)).toEqual(new Set(["fit", "selection", "report"]));
    expect((await readLabels(`pack:${join(packs, "corel5k")}`)).labels.categories.length).toBe(22);
  });
});
