import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assignParts } from "../../labels/index.ts";
import { readLabels } from "../index.ts";
import { annotations, codes, failure, folderOf, survivesHostileBytes, table, totals } from "./reading.cases.ts";

const findings = ["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices"];
const header = `Path,Sex,Age,Frontal/Lateral,AP/PA,${findings.join(",")}\n`;
const row = (path: string, cells: string): string => `${path},Female,47,Frontal,AP,${cells}\n`;
const mixed = `1.0,0.0,-1.0,1,0,-1,${",".repeat(7)}`;
const path = (patient: number, study: number, view = "view1_frontal"): string => `CheXpert-v1.0-small/train/patient${String(patient).padStart(5, "0")}/study${study}/${view}.jpg`;
const rows = header + row(path(1, 1), mixed) + row(path(1, 2, "view2_lateral"), mixed) + row(path(2, 1), mixed);

async function read(content: string, kind = "chexpert"): ReturnType<typeof readLabels> {
  return readLabels(`${kind}:${join(await folderOf({ "train.csv": content }), "train.csv")}`);
}

describe("CheXpert", () => {
  it("keeps uncertain (-1) and not mentioned (blank) apart from each other and from no", async () => {
    const file = await read(rows);
    expect(file.labels.categories).toEqual(findings);
    expect(table(file)["train/patient00001/study1/view1_frontal.jpg"]).toBe("10u10u........");
  });

  it("takes blank for no only where that is asked for", async () => {
    expect(Object.values(table(await read(rows, "chexpert,blank=negative")))[0]).toBe("10u10u00000000");
  });

  it("has the five findings of the competition on request", async () => {
    const file = await read(rows, "chexpert,findings=5");
    expect(file.labels.categories).toEqual(["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"]);
    expect(Object.values(table(file))[0]).toBe(".u.u.");
  });

  it("of a folder becomes parts by the names of its files", async () => {
    const valid = row("CheXpert-v1.0-small/valid/patient64541/study1/view1_frontal.jpg", mixed);
    const folder = await folderOf({ "train.csv": rows, "valid.csv": header + valid });
    const file = await readLabels(`chexpert:${folder}`);
    expect(file.split).toEqual(["fit", "fit", "fit", "selection"]);
    expect(file.groups).toEqual(["patient00001", "patient00001", "patient00002", "patient64541"]);
    expect(file.files.length).toBe(2);
    // One part alone says nothing of parts.
    expect((await readLabels(`chexpert:${await folderOf({ "train.csv": rows })}`)).split).toBe(null);
    expect((await failure(readLabels(`chexpert:${await folderOf({ "notes.csv": rows })}`))).code).toBe("file.missing");
    expect((await failure(readLabels(`chexpert:${await folderOf({ "train.csv": rows, "valid.csv": header + row("valid/x.jpg", mixed) })}`))).place.file).toMatch(/valid\.csv$/);
  });

  it("never lets two parts share a patient", async () => {
    const many = Array.from({ length: 300 }, (_, at) => row(path(at >> 2, (at >> 1) & 1, `view${at & 1}`), mixed));
    const file = await read(header + many.join(""));
    expect(new Set(file.groups).size).toBe(75);
    const { part } = assignParts(file.labels, file);
    expect(new Set(part).size).toBe(3);
    for (const at of part.keys()) expect(part[at]).toBe(part[at & ~3]);
  });

  it.each([
    [header + row(path(1, 1), mixed.replace("1.0", "2")), "labels.invalid-value", "No Finding"],
    [header + row("train/x.jpg", mixed), "file.malformed", "Path"],
    [rows.replace("Edema", "Oedema"), "csv.missing-column", undefined],
    [rows.replace("Path", "path"), "csv.missing-column", undefined],
  ])("refuses %j", async (content, code, field) => {
    const error = await failure(read(content));
    expect([error.code, error.place.field]).toEqual([code, field]);
    expect(error.place.line).toBeGreaterThan(0);
  });

  it("of any bytes gives labels or an error with a place", async () => {
    await survivesHostileBytes((folder) => `chexpert:${join(folder, "train.csv")}`, { "train.csv": rows }, "train.csv", [",", "\n", '"', "1.0", "-1.0", "0.0", "patient00007/", "/", "Path"]);
  });
});

describe.skipIf(!existsSync(annotations))("real CheXpert rows (skipped when shared/data is absent)", () => {
  it("are read whole", async () => {
    const valid = await readLabels(`chexpert:${join(annotations, "chexpert/sample_valid_2rows.csv")}`);
    expect([totals(valid), valid.groups]).toEqual([[4, 24, 0], ["patient64541", "patient64542"]]);
    const train = await readLabels(`chexpert:${join(annotations, "chexpert/synthetic_train.csv")}`);
    expect(train.labels.imageIds.length).toBe(83);
    expect(Math.min(...totals(train))).toBeGreaterThan(0);
    expect(codes(train)).toEqual(["image-without-labels"]);
  });
});
