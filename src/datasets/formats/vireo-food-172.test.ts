/** Small files in the published layout; none of the real ones is at hand. */
import { describe, expect, it } from "vitest";
import { readLabels } from "../index.ts";
import { codes, failure, folderOf, survivesHostileBytes, table } from "./reading.cases.ts";
import type { Files } from "./reading.cases.ts";

const files: Files = {
  "SplitAndIngreLabel/IngreLabel.txt": "/1/1_1.jpg 1 -1 -1\n/1/1_2.jpg -1 -1 1 \r\n/2/3_1.jpg -1 -1 -1\n/2/3_2.jpg 1 1 1\n",
  "SplitAndIngreLabel/IngredientList.txt": "Minced green onion\nPepper\nPepper\n",
  "SplitAndIngreLabel/TR.txt": "/1/1_1.jpg\n",
  "SplitAndIngreLabel/VAL.txt": "/1/1_2.jpg\n",
  "SplitAndIngreLabel/TE.txt": "/2/3_1.jpg\n/2/9_9.jpg\n",
  "SplitAndIngreLabel/FoodList.txt": "Braised pork\nTofu\n",
};
const labels = "SplitAndIngreLabel/IngreLabel.txt";
const read = async (content: Files, below = ""): ReturnType<typeof readLabels> => readLabels(`vireo-food-172:${await folderOf(content)}${below}`);

describe("VIREO Food-172", () => {
  it("reads 1 as positive and -1 as negative, lists as parts; what no list names is left out, what has no line unknown", async () => {
    for (const below of ["", "/SplitAndIngreLabel"]) {
      const file = await read(files, below);
      expect(file.labels.categories).toEqual(["Minced green onion", "Pepper", "Pepper (3)"]);
      expect(table(file)).toEqual({ "1/1_1.jpg": "100", "1/1_2.jpg": "001", "2/3_1.jpg": "000", "2/9_9.jpg": "..." });
      expect(file.split).toEqual(["fit", "selection", "report", "report"]);
      expect(codes(file)).toEqual(["images-outside-sets", "image-without-labels"]);
      expect(file.files.length).toBe(5);
    }
  });

  it("reads all pictures without lists, and numbers ingredients without names from 1", async () => {
    const alone = await read({ [labels]: files[labels] });
    expect([alone.labels.categories, Object.keys(table(alone)).length, alone.split]).toEqual([["1", "2", "3"], 4, null]);
    const train = await read({ [labels]: files[labels], "SplitAndIngreLabel/TR.txt": "/1/1_1.jpg 0\n" });
    expect([Object.keys(table(train)), train.split]).toEqual([["1/1_1.jpg"], null]);
  });

  it.each<[Files, string, number | undefined, string | undefined]>([
    [{ ...files, [labels]: "/1/1_1.jpg 1 -1 -1\n/1/1_2.jpg -1 0 1\n" }, "labels.invalid-value", 2, "Pepper"],
    [{ ...files, [labels]: "/1/1_1.jpg 1 -1 -1\n/1/1_2.jpg -1 1\n" }, "file.malformed", 2, undefined],
    [{ ...files, [labels]: "/1/1_1.jpg 1 -1 -1\n\n/1/1_1.jpg 1 -1 -1\n" }, "labels.duplicate-image", 3, undefined],
    [{ ...files, "SplitAndIngreLabel/TE.txt": "/2/3_1.jpg\n/1/1_1.jpg\n" }, "labels.duplicate-image", 2, undefined],
    [{ ...files, [labels]: "/ 1 1 1\n" }, "file.malformed", 1, undefined],
    [{ "readme.md": "" }, "file.missing", undefined, undefined],
  ])("refuses what is broken, with file and line: %j", async (content, code, line, field) => {
    const error = await failure(read(content));
    expect([error.code, error.place.line, error.place.field]).toEqual([code, line, field]);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    const pieces = ["1", "-1", " ", "\n", "/1/1_1.jpg", "0", "/"];
    await survivesHostileBytes((folder) => `vireo-food-172:${folder}`, files, labels, pieces, 150);
    await survivesHostileBytes((folder) => `vireo-food-172:${folder}`, files, "SplitAndIngreLabel/VAL.txt", pieces, 150);
    await survivesHostileBytes((folder) => `vireo-food-172:${folder}`, files, "SplitAndIngreLabel/IngredientList.txt", [...pieces, "Pepper"], 100);
  });
});
