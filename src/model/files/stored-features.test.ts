import { mkdtemp, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, integer, property } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFeaturesFile, readFeatures, writeFeatures, writeNpy } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catwise-stored-"));
});
afterAll(() => rm(folder, { recursive: true }));

const [rows, columns] = [50, 3];
const data = Float32Array.from({ length: rows * columns }, (_, at) => at / 7);
const ids = Array.from({ length: rows }, (_, row) => `r${row}`);
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** A file of the numbers above, opened to be read 120 bytes (ten rows) at a time. */
async function opened(name: string): Promise<Awaited<ReturnType<typeof openFeaturesFile>>> {
  await writeFeatures(join(folder, name), { data, rows, columns, ids });
  return openFeaturesFile(join(folder, name), { chunkBytes: 120 });
}

describe("a features file that stays on disk", () => {
  it("gives the rows that reading it whole gives, in any order and in groups of any size", async () => {
    for (const name of ["any.safetensors", "any.npy"]) {
      const { features, ids: names, data: held, bytes } = await opened(name);
      const whole = await readFeatures(join(folder, name));
      expect([features.rows, features.columns, names, held, bytes]).toEqual([rows, columns, whole.ids, null, 4 * rows * columns]);
      assert(
        property(integer({ min: 0, max: rows }), integer({ min: 0, max: rows }), (first, end) => {
          const count = Math.max(0, end - first);
          expect(features.block(first, count)).toEqual(whole.features.block(first, count));
        }),
        { seed: 1, numRuns: 60 },
      );
      expect(() => features.block(rows, 1)).toThrow(code("usage.invalid-value"));
    }
  });

  it("is held after all where there is room", async () => {
    await opened("held.npy");
    expect((await openFeaturesFile(join(folder, "held.npy"), { heldUpTo: 4 * rows * columns })).data).toEqual(data);
    expect((await openFeaturesFile(join(folder, "held.npy"), { heldUpTo: 4 * rows * columns - 1 })).data).toBeNull();
  });

  it("may hold other types of numbers, and features of every category's own", async () => {
    await writeFile(join(folder, "double.npy"), npy("<f8", false, "(5, 2)", new Uint8Array(Float64Array.from({ length: 10 }, (_, at) => at / 3).buffer)));
    const { features } = await openFeaturesFile(join(folder, "double.npy"), { chunkBytes: 8 });
    expect([...features.block(1, 3)]).toEqual([2, 3, 4, 5, 6, 7].map((at) => Math.fround(at / 3)));
    await writeNpy(join(folder, "own.npy"), { data: data.subarray(0, 24), shape: [4, 2, 3] });
    const own = await openFeaturesFile(join(folder, "own.npy"));
    expect(own.perCategory).toEqual({ count: 2, names: null });
    expect(own.features.block(1, 2)).toEqual(data.subarray(6, 18));
  });

  it("tells where it was cut short, changed or replaced since it was opened", async () => {
    const short = await opened("short.npy");
    await truncate(join(folder, "short.npy"), 400);
    expect(() => short.features.block(40, 1)).toThrow(code("file.truncated"));
    const touched = await opened("touched.npy");
    touched.features.block(0, 1);
    await utimes(join(folder, "touched.npy"), 1, 1);
    // What has been read already is as good as ever.
    expect(touched.features.block(3, 1)).toEqual(data.subarray(9, 12));
    expect(() => touched.features.block(30, 1)).toThrow(/touched\.npy: the file was changed or replaced/);
    const replaced = await opened("replaced.npy");
    await writeFeatures(join(folder, "other.npy"), { data, rows, columns, ids });
    await rename(join(folder, "other.npy"), join(folder, "replaced.npy"));
    expect(() => replaced.features.block(0, 1)).toThrow(code("features.changed"));
    const gone = await opened("gone.npy");
    await rm(join(folder, "gone.npy"));
    expect(() => gone.features.block(0, 1)).toThrow(code("file.missing"));
  });

  it("names the row and column of a number that is not finite when it comes to it", async () => {
    const broken = data.slice();
    broken[25 * columns + 1] = Infinity;
    await writeNpy(join(folder, "broken.npy"), { data: broken, shape: [rows, columns] });
    const { features } = await openFeaturesFile(join(folder, "broken.npy"), { chunkBytes: 120 });
    expect(features.block(0, 10)).toHaveLength(30);
    expect(() => features.block(21, 1)).toThrow(/row 26, column 2: expected a finite number, got Infinity/);
  });

  it("is refused where its rows do not lie together", async () => {
    await writeFile(join(folder, "fortran.npy"), npy("<f4", true, "(5, 2)", new Uint8Array(40)));
    await expect(openFeaturesFile(join(folder, "fortran.npy"))).rejects.toEqual(code("file.unknown-format"));
    expect((await openFeaturesFile(join(folder, "fortran.npy"), { heldUpTo: 40 })).data).toHaveLength(10);
  });
});

function npy(type: string, fortran: boolean, shape: string, numbers: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }\n`;
  return Uint8Array.from([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0, ...new TextEncoder().encode(header), ...numbers]);
}
