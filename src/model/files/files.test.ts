import { existsSync } from "node:fs";
import { copyFile, mkdtemp, mkdir, readFile, readdir, symlink, lstat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { CatwiseError } from "../../errors.ts";
import { readFeatures, readHead, readNpy, writeNpy, removeTemporaryFiles, sha256OfFile, writeFeatures, writeFileAtomically, writeHead } from "./index.ts";

const packs = resolve(import.meta.dirname, "../../../../shared/data/packs");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-files-"));
});

function npy(header: string, body: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const start = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...start, ...text, ...body]);
}

function safetensors(header: unknown, body: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

async function put(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const bytesOf = (array: { buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(array.buffer);
const code = (expectedCode: string): object => expect.objectContaining({ name: "CatwiseError", code: expectedCode });

describe("writing .npy", () => {
  it("writes one length as the tuple that Python reads", async () => {
    const path = join(folder, "flat-written.npy");
    await writeNpy(path, { data: Float32Array.of(1, 2, 3), shape: [3] });
    expect((await readFile(path)).subarray(10, 128).toString("latin1")).toMatch(/'shape': \(3,\), \} *\n$/);
    expect(await readNpy(path)).toEqual({ shape: [3], type: "float32", data: Float32Array.of(1, 2, 3) });
  });

  it("writes what is read back bit for bit, under a header as NumPy writes it", async () => {
    const path = join(folder, "written.npy");
    const data = Float32Array.of(0, -0, 1.5, -3.25e-30, 3e38, 7);
    await writeFeatures(path, { data, rows: 3, columns: 2, ids: ["a", "b", "c"] });
    const { features, ids, data: back } = await readFeatures(path);
    expect({ rows: features.rows, columns: features.columns, ids }).toEqual({ rows: 3, columns: 2, ids: null });
    expect(bytesOf(back)).toEqual(bytesOf(data));
    const bytes = await readFile(path);
    expect(bytes.length).toBe(128 + 24);
    expect(bytes.subarray(10, 128).toString("latin1")).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(3, 2\), \} *\n$/);
  });
});

describe("writing a file atomically", () => {
  it("replaces the old content and leaves nothing else in the folder", async () => {
    const inner = await mkdtemp(join(folder, "a-"));
    await writeFileAtomically(join(inner, "x"), "old");
    await writeFileAtomically(join(inner, "x"), new TextEncoder().encode("new"));
    expect(await readFile(join(inner, "x"), "utf8")).toBe("new");
    expect(await readdir(inner)).toEqual(["x"]);
  });

  it("keeps the old content and removes the temporary file when filling fails", async () => {
    const inner = await mkdtemp(join(folder, "b-"));
    await writeFileAtomically(join(inner, "x"), "old");
    const attempt = writeFileAtomically(join(inner, "x"), async (temporary) => {
      await writeFile(temporary, "half");
      throw new RangeError("stop");
    });
    await expect(attempt).rejects.toThrow(RangeError);
    expect(await readFile(join(inner, "x"), "utf8")).toBe("old");
    expect(await readdir(inner)).toEqual(["x"]);
  });

  it("writes through a symbolic link", async () => {
    const inner = await mkdtemp(join(folder, "c-"));
    await writeFile(join(inner, "real"), "old");
    await symlink(join(inner, "real"), join(inner, "link"));
    await writeFileAtomically(join(inner, "link"), "new");
    expect((await lstat(join(inner, "link"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(inner, "real"), "utf8")).toBe("new");
  });

  it("says what to do when the path cannot be written", async () => {
    await mkdir(join(folder, "is-folder"));
    await expect(writeFileAtomically(join(folder, "absent", "x"), "")).rejects.toEqual(code("output.unwritable"));
    await expect(writeFileAtomically(join(folder, "is-folder"), "")).rejects.toEqual(code("output.unwritable"));
    await writeFile(join(folder, "plain"), "x");
    await expect(writeFileAtomically(join(folder, "plain", "x"), "")).rejects.toMatchObject({ remedy: expect.stringContaining("path") });
  });

  it("reports a full disk as such", async () => {
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    await expect(writeFileAtomically(join(folder, "full"), () => Promise.reject(full))).rejects.toEqual(code("output.no-space"));
    const copying = Object.assign(new Error("no space"), { code: "ENOSPC", path: "/source" });
    await expect(writeFileAtomically(join(folder, "full"), () => Promise.reject(copying))).rejects.toEqual(code("output.no-space"));
  });

  it("does not take the blame for a source that is missing", async () => {
    const attempt = writeFileAtomically(join(folder, "copy"), (temporary) => copyFile(join(folder, "no-source"), temporary));
    await expect(attempt).rejects.toMatchObject({ name: "Error", code: "ENOENT" });
  });

  it("removes what is under way when asked to, as a signal handler does", async () => {
    let seen = "";
    const attempt = writeFileAtomically(join(folder, "stopped"), async (temporary) => {
      seen = temporary;
      await writeFile(temporary, "half");
      removeTemporaryFiles();
    });
    await expect(attempt).rejects.toBeInstanceOf(CatwiseError);
    expect(existsSync(seen)).toBe(false);
    expect(existsSync(join(folder, "stopped"))).toBe(false);
  });
});

/** Features of two categories of these names. */
const named = (names: string): Promise<string> => put("names.safetensors", safetensors({ __metadata__: { categories: names }, features: { dtype: "F32", shape: [1, 2, 1], data_offsets: [0, 8] } }, new Uint8Array(8)));

describe("features files", () => {
  it("give back what was written, bit for bit", async () => {
    const path = join(folder, "round.safetensors");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 81, maxLength: 81 }), async (rows, columns, numbers) => {
        const data = Float32Array.from(numbers.slice(0, rows * columns));
        const ids = Array.from({ length: rows }, (_, i) => `写真 "${i}",\n.jpg`);
        await writeFeatures(path, { data, rows, columns, ids });
        const back = await readFeatures(path);
        expect(bytesOf(back.data)).toEqual(bytesOf(data));
        expect(back.ids).toEqual(ids);
        expect([back.features.rows, back.features.columns]).toEqual([rows, columns]);
        expect(back.features.block(rows - 1, 1)).toEqual(data.subarray((rows - 1) * columns));
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("give back features of every category's own, with the categories' names where the format has a place for them", async () => {
    const data = Float32Array.from({ length: 2 * 3 * 4 }, (_, at) => at / 7);
    const features = { data, rows: 2, columns: 4, perCategory: { count: 3, names: ["傷", "b", "c"] }, ids: ["p", "q"] };
    for (const [ending, names, ids] of [["safetensors", ["傷", "b", "c"], ["p", "q"]], ["npy", null, null]] as const) {
      const path = join(folder, `own.${ending}`);
      await writeFeatures(path, features);
      const back = await readFeatures(path);
      expect(bytesOf(back.data)).toEqual(bytesOf(data));
      expect([back.features.rows, back.features.columns, back.perCategory, back.ids]).toEqual([2, 4, { count: 3, names }, ids]);
      expect(back.features.block(1, 1)).toEqual(data.subarray(12));
    }
    expect((await readFile(join(folder, "own.npy"))).subarray(10, 128).toString("latin1")).toMatch(/'shape': \(2, 3, 4\), \} *\n$/);
  });

  it("refuse names that are not those of the categories, four dimensions and a number of numbers that is none of these", async () => {
    await expect(named('["a"]').then(readFeatures)).rejects.toEqual(code("features.category-mismatch"));
    await expect(named('["a","a"]').then(readFeatures)).rejects.toEqual(code("features.category-mismatch"));
    await expect(named('{"a":1}').then(readFeatures)).rejects.toEqual(code("file.malformed"));
    for (const shape of ["(1, 2, 1, 1)", "(2, 0, 1)", "()"]) {
      const file = await put("shape.npy", npy(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`, new Uint8Array(shape === "()" ? 4 : shape.includes("0") ? 0 : 8)));
      await expect(readFeatures(file)).rejects.toEqual(code("features.shape"));
    }
    const short = { data: new Float32Array(5), rows: 1, columns: 2, perCategory: { count: 3, names: null }, ids: ["a"] };
    await expect(writeFeatures(join(folder, "short.safetensors"), short)).rejects.toEqual(code("features.shape"));
    expect(existsSync(join(folder, "short.safetensors"))).toBe(false);
    const broken = { ...short, data: Float32Array.of(1, 2, 3, NaN, 5, 6) };
    await expect(writeFeatures(join(folder, "broken.safetensors"), broken)).rejects.toThrow(/row 1 \("a"\), category 2, column 2/);
  });

  it("name the row and column of a number that is not finite", async () => {
    const path = await put("nan.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", bytesOf(Float32Array.of(1, 2, 3, 4, NaN, 6))));
    await expect(readFeatures(path)).rejects.toThrow(/row 2, column 2/);
    await expect(readFeatures(path)).rejects.toEqual(code("features.not-finite"));
    await expect(writeFeatures(join(folder, "inf.safetensors"), { data: Float32Array.of(Infinity), rows: 1, columns: 1, ids: ["a"] })).rejects.toEqual(code("features.not-finite"));
  });

  it("refuse a wrong number of dimensions, an empty matrix, doubled ids and other endings", async () => {
    const flat = await put("flat.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytesOf(Float32Array.of(1, 2))));
    await expect(readFeatures(flat)).rejects.toEqual(code("features.shape"));
    const none = await put("none.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }", new Uint8Array()));
    await expect(readFeatures(none)).rejects.toEqual(code("features.shape"));
    const twice = await put("twice.safetensors", safetensors({ __metadata__: { ids: '["a","a"]' }, features: { dtype: "F32", shape: [2, 1], data_offsets: [0, 8] } }, new Uint8Array(8)));
    await expect(readFeatures(twice)).rejects.toEqual(code("features.duplicate-id"));
    await expect(readFeatures(join(folder, "x.csv"))).rejects.toEqual(code("file.unknown-format"));
    await expect(readFeatures(join(folder, "absent.npy"))).rejects.toEqual(code("file.missing"));
    await expect(readFeatures(await put("empty.npy", new Uint8Array()))).rejects.toEqual(code("file.empty"));
  });

  it("hold half, bfloat and double precision too", async () => {
    const half = await put("half.safetensors", safetensors({ features: { dtype: "F16", shape: [1, 4], data_offsets: [0, 8] } }, bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff))));
    expect([...(await readFeatures(half)).data]).toEqual([1, -2, 2 ** -24, 65504]);
    const brain = await put("brain.safetensors", safetensors({ features: { dtype: "BF16", shape: [1, 2], data_offsets: [0, 4] } }, bytesOf(Uint16Array.of(0x3f80, 0xc040))));
    expect([...(await readFeatures(brain)).data]).toEqual([1, -3]);
    const double = await put("double.safetensors", safetensors({ features: { dtype: "F64", shape: [2, 1], data_offsets: [0, 16] } }, bytesOf(Float64Array.of(0.1, -7))));
    expect([...(await readFeatures(double)).data]).toEqual([Math.fround(0.1), -7]);
    const whole = await put("whole.safetensors", safetensors({ features: { dtype: "I64", shape: [1, 1], data_offsets: [0, 8] } }, new Uint8Array(8)));
    await expect(readFeatures(whole)).rejects.toEqual(code("features.shape"));
  });
});

describe("safetensors files", () => {
  const entry = { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] };
  it.each([
    ["a file shorter than its header length", Uint8Array.of(1, 2, 3), "file.truncated"],
    ["a header longer than the file", safetensors({ features: entry }).subarray(0, 20), "file.truncated"],
    ["a header length beyond reason", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0), "file.malformed"],
    ["data cut short", safetensors({ features: entry }, new Uint8Array(7)), "file.truncated"],
    ["data left over", safetensors({ features: entry }, new Uint8Array(9)), "file.malformed"],
    ["a header that is no JSON", safetensors("{"), "file.malformed"],
    ["a header that is a list", safetensors([]), "file.malformed"],
    ["offsets that contradict the shape", safetensors({ features: { ...entry, shape: [3] } }, new Uint8Array(8)), "file.malformed"],
    ["a hole between tensors", safetensors({ features: { ...entry, data_offsets: [4, 12] } }, new Uint8Array(12)), "file.malformed"],
    ["overlapping tensors", safetensors({ features: entry, other: entry }, new Uint8Array(8)), "file.malformed"],
    ["an unknown dtype", safetensors({ features: { ...entry, dtype: "toString" } }, new Uint8Array(8)), "file.malformed"],
    ["a shape whose product overflows", safetensors({ features: { ...entry, shape: [2 ** 40, 2 ** 40] } }, new Uint8Array(8)), "file.malformed"],
    ["metadata that is no string", safetensors({ __metadata__: { ids: 1 }, features: entry }, new Uint8Array(8)), "file.malformed"],
    ["no tensor of the name", safetensors({ other: entry }, new Uint8Array(8)), "file.malformed"],
  ])("are refused: %s", async (name, bytes, expectedCode) => {
    await expect(readFeatures(await put(`${name.replaceAll(" ", "-")}.safetensors`, bytes))).rejects.toEqual(code(expectedCode));
  });
});

describe("any bytes as safetensors", () => {
  it("give features or a CatwiseError", async () => {
    const start = safetensors({ __metadata__: { ids: '["a"]' }, features: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] } }, new Uint8Array(8));
    const path = join(folder, "fuzz.safetensors");
    let successes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(start.length - 1), fc.nat(255)), { maxLength: 3 }), fc.nat(4 * start.length), async (changes, length) => {
        const bytes = start.slice();
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(path, bytes.subarray(0, length));
        const outcome = await readFeatures(path).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CatwiseError);
        else successes += 1;
      }),
      { seed: 5, numRuns: 300 },
    );
    expect(successes).toBeGreaterThan(10);
  });
});

describe("npy files", () => {
  it("are read in every number type and version", async () => {
    const types: readonly [string, Uint8Array, number[]][] = [
      ["<f4", bytesOf(Float32Array.of(1.5, -2)), [1.5, -2]],
      ["<f8", bytesOf(Float64Array.of(1.5, -2)), [1.5, -2]],
      ["|u1", Uint8Array.of(1, 255), [1, 255]],
      ["|b1", Uint8Array.of(1, 0), [1, 0]],
      ["|i1", Uint8Array.of(1, 255), [1, -1]],
      ["<i4", bytesOf(Int32Array.of(7, -9)), [7, -9]],
      ["<i8", bytesOf(BigInt64Array.of(7n, -9n)), [7, -9]],
    ];
    for (const version of [1, 2, 3]) {
      for (const [description, body, wanted] of types) {
        const path = await put("types.npy", npy(`{'descr': '${description}', 'fortran_order': False, 'shape': (2,), }\n`, body, version));
        const array = await readNpy(path);
        expect([...array.data]).toEqual(wanted);
        expect(array.shape).toEqual([2]);
      }
    }
  });

  it("in Fortran order are turned to rows", async () => {
    const path = await put("fortran.npy", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", bytesOf(Float32Array.of(1, 4, 2, 5, 3, 6))));
    expect([...(await readNpy(path)).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ["big-endian", npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)), "file.unknown-format"],
    ["objects", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)), "file.unknown-format"],
    ["structures", npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)), "file.unknown-format"],
    ["truncated data", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", new Uint8Array(7)), "file.truncated"],
    ["data left over", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(7)), "file.malformed"],
    ["a shape beyond reason", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", new Uint8Array(7)), "file.malformed"],
    ["another magic", new TextEncoder().encode("image,cat\na,1\n"), "file.malformed"],
    ["a magic and nothing more", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1), "file.truncated"],
    ["version 9", npy("{}", new Uint8Array(9), 9), "file.unknown-format"],
  ])("are refused: %s", async (name, bytes, expectedCode) => {
    await expect(readNpy(await put(`${name.replaceAll(" ", "-")}.npy`, bytes))).rejects.toEqual(code(expectedCode));
  });

  it("of any bytes give an array or a CatwiseError", async () => {
    const start = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", new Uint8Array(8));
    const path = join(folder, "fuzz.npy");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(start.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(start.length), async (changes, length) => {
        const bytes = start.slice();
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(path, bytes.subarray(0, length % 3 === 0 ? length : bytes.length));
        const outcome = await readNpy(path).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CatwiseError);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe("head files", () => {
  const head = { categories: ["cat", "犬"], columns: 3, weight: Float32Array.of(1, 2, 3, 4, 5, 6), bias: Float32Array.of(7, 8) };

  it("give back what was written", async () => {
    const path = join(folder, "head.safetensors");
    await writeHead(path, head);
    expect(await readHead(path)).toEqual(head);
  });

  it("are checked before writing and after reading", async () => {
    const path = join(folder, "bad-head.safetensors");
    await expect(writeHead(path, { ...head, weight: Float32Array.of(1, 2, 3, 4, NaN, 6) })).rejects.toThrow(/"犬", column 2/);
    await expect(writeHead(path, { ...head, bias: Float32Array.of(1) })).rejects.toEqual(code("head.category-mismatch"));
    await expect(writeHead(path, { ...head, categories: ["cat", "cat"] })).rejects.toEqual(code("head.category-mismatch"));
    expect(existsSync(path)).toBe(false);
    const unnamed = safetensors({ weight: { dtype: "F32", shape: [1, 1], data_offsets: [0, 4] }, bias: { dtype: "F32", shape: [1], data_offsets: [4, 8] } }, new Uint8Array(8));
    await expect(readHead(await put("unnamed.safetensors", unnamed))).rejects.toEqual(code("head.category-mismatch"));
  });
});

describe("the sum of a file", () => {
  it("is its SHA-256, also when it is empty", async () => {
    expect(await sha256OfFile(await put("abc", new TextEncoder().encode("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(await sha256OfFile(await put("nothing", new Uint8Array()))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    await expect(sha256OfFile(folder)).rejects.toEqual(code("file.unreadable"));
  });
});

describe.skipIf(!existsSync(packs))("the feature packs (skipped when shared/data is absent)", () => {
  it("are read, though stored column after column", async () => {
    const { features, ids, data } = await readFeatures(join(packs, "scene/features.npy"));
    expect([features.rows, features.columns, ids]).toEqual([2407, 294, null]);
    const raw = await readFile(join(packs, "scene/features.npy"));
    const start = raw.length - 4 * 2407 * 294;
    for (const [row, column] of [[0, 0], [1, 0], [0, 1], [2406, 293], [1200, 77]] as const) {
      expect(data[row * 294 + column]).toBe(raw.readFloatLE(start + 4 * (column * 2407 + row)));
    }
  });
});
