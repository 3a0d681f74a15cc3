/** Label tables with the oddest names people and programs give, and what every writer is held to. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect } from "vitest";
import { buildPartialLabels, type CellValue, type LabelCell, type PartName } from "../../labels/index.ts";
import { labelWriters, readLabels } from "../index.ts";
import type { LabelFile, LabelFormat, LabelTable } from "../index.ts";

const oddities = [",", '"', '""', "'", "\n", "\r", "\r\n", "\t", " ", ";", ":", "=", "/", "\\", "&", "<", ">", "]]>", "%", "?", "-1", "0", "1", "u", "é", "が", "猫", "😀", "\u00a0", "\u2028", "\ufeff", "null", "all"];
const words = ["__proto__", "constructor", "toString", "image", "split", "group", "category", "value", "id", "name", "reviewed", "uncertain", "part"];

/** Well-formed texts, control characters among them. */
const text = fc.oneof(fc.constantFrom(...words), fc.array(fc.oneof(fc.constantFrom(...oddities), fc.string({ unit: "binary", minLength: 1, maxLength: 3 }), fc.string({ unit: "grapheme", maxLength: 3 })), { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join("")));

export interface DrawnTables {
  /** Whether the format can hold the name; false draws another. */
  readonly allowed: (name: string) => boolean;
  readonly allowedImage?: (name: string) => boolean;
  readonly weights: boolean;
}

export function drawTable({ allowed, allowedImage = allowed, weights }: DrawnTables): fc.Arbitrary<LabelTable> {
  const named = text.map((name) => name.trim().normalize("NFC")).filter((name) => name !== "" && name === name.trim() && allowed(name));
  const image = text.map((name) => name.normalize("NFC")).filter((name) => name.trim() !== "" && allowedImage(name));
  const weight = weights ? fc.oneof(fc.constant(1), fc.float({ min: Math.fround(1e-30), max: 1, noNaN: true })) : fc.constant(1);
  return fc.tuple(fc.uniqueArray(image, { minLength: 1, maxLength: 6 }), fc.uniqueArray(named, { minLength: 1, maxLength: 5 })).chain(([imageIds, categories]) => {
    const each = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { minLength: imageIds.length, maxLength: imageIds.length });
    const cell = fc.record({ value: fc.constantFrom<CellValue | null>(0, 1, 2, null, null), weight });
    const row = fc.oneof(fc.constant(null), fc.constant(1 as const), fc.array(cell, { minLength: categories.length, maxLength: categories.length }));
    return fc.record({
      labels: each(row).map((rows) => {
        const cells: LabelCell[] = [];
        for (const [of, told] of rows.entries()) {
          for (const [category] of categories.entries()) {
            const known = told === 1 ? { value: 0 as const, weight: 1 } : told?.[category];
            if (known !== undefined && known.value !== null) cells.push({ image: of, category, value: known.value, weight: known.weight });
          }
        }
        return buildPartialLabels({ imageIds, categories, cells });
      }),
      split: fc.option(each(fc.constantFrom<PartName | null>("fit", "selection", "report", null))),
      groups: fc.option(each(fc.option(named))),
    });
  });
}

export const contentOf = ({ labels, split, groups }: LabelTable): unknown => ({ ...labels, split, groups });

/** Writes the table as a file of its own, reads it back, and removes it. */
export async function roundTrip(format: LabelFormat, table: LabelTable): Promise<LabelFile> {
  const folder = await mkdtemp(join(tmpdir(), "catwise-writers-"));
  try {
    const { ending, kind, write, paths } = labelWriters[format];
    const out = join(folder, `labels${ending}`);
    const { files } = await write(out, table);
    expect((await readdir(folder)).sort()).toEqual(files.map((path) => path.slice(folder.length + 1)).sort());
    expect(paths(out)).toEqual(expect.arrayContaining([...files]));
    return await readLabels(`${kind}${out}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function survivesRoundTrips(format: LabelFormat, drawn: DrawnTables): Promise<void> {
  await fc.assert(
    fc.asyncProperty(drawTable(drawn), async (table) => {
      expect(contentOf(await roundTrip(format, table))).toEqual(contentOf(table));
    }),
    { seed: 25, numRuns: 120 },
  );
}
