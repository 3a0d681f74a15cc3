/**
 * Wide CSV: `image,<category>,...[,split][,group]`, one row for each image.
 *
 * | cell        | meaning   |
 * |-------------|-----------|
 * | 1           | positive  |
 * | 0           | negative  |
 * | empty, ?    | unknown   |
 * | -1, u       | uncertain |
 * | no row      | all unknown |
 */
import { CatwiseError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { requireColumn } from "./csv-rows.ts";
import type { CsvRow, CsvTable } from "./csv-rows.ts";
import type { LabelReader, LabelRecord, RecordCell } from "./label-file.ts";
import { parseImage, parsePart, parseValue } from "./words.ts";

export function readWideCsv(table: CsvTable): LabelReader {
  const { header, path } = table;
  const image = requireColumn(table, "image");
  const [split, group] = [header.indexOf("split"), header.indexOf("group")];
  const columns = [...header.keys()].filter((column) => column !== image && column !== split && column !== group);
  for (const column of columns) {
    if (header[column] === "") {
      throw new CatwiseError("csv.missing-column", "expected the name of a category, got nothing.", { place: { file: path, line: table.headerLine, column: column + 1 } });
    }
  }
  if (columns.length === 0) {
    throw new CatwiseError("labels.no-categories", "expected a column for each category, found none.", { place: { file: path, line: table.headerLine } });
  }

  function record({ fields, line }: CsvRow): LabelRecord {
    const place = (column: number) => (): Place => ({ file: path, line, column: column + 1, field: header[column]! });
    const cells: RecordCell[] = [];
    columns.forEach((column, category) => {
      const value = parseValue(fields[column]!, place(column));
      if (value !== null) cells.push({ category, value, weight: 1 });
    });
    return {
      image: parseImage(fields[image]!, place(image)),
      line,
      cells,
      ...(split < 0 ? {} : { part: parsePart(fields[split]!, place(split)) }),
      ...(group < 0 ? {} : { group: fields[group]!.trim() || null }),
    };
  }

  return {
    path,
    oneRowPerImage: true,
    files: [path],
    categories: columns.map((column) => header[column]!),
    notices: [],
    records: (async function* () {
      for await (const rows of table.batches) yield rows.map(record);
    })(),
  };
}
