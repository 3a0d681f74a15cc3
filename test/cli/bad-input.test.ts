/**
 * Every kind of bad input, through the real command line: one line on stderr with the stable code, the exit status of the table, and
 * nothing written. Each run has an empty folder of its own to work in; the inputs lie in another one, which must not change.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorTable, exitStatus, type ErrorCode } from "../../src/errors.ts";
import { writeHead } from "../../src/model/index.ts";
import { catwise, catwiseAsync, listing, writeInputs, writeModelAndImages, type Run } from "./support.ts";

let root = "";
let inputs = "";
let before: string[] = [];

const rows = (count: number, row: (at: number) => string): string => Array.from({ length: count }, (_, at) => row(at)).join("\n");
/** "画像,傷" and so on in Shift_JIS: the header `image,傷,x` and rows `i0` ... */
const shiftJis = Uint8Array.from([...Buffer.from("image,"), 0x8f, 0x9d, ...Buffer.from(`,x\n${rows(160, (at) => `i${at},${at % 2},1`)}\n`)]);

const texts: Record<string, string | Uint8Array> = {
  "empty.csv": "",
  "blank.csv": "\n\n",
  "cut.csv": 'image,x,y\ni0,1,0\ni1,"1',
  "header.csv": "image,x,y\n",
  "short-row.csv": "image,x,y\ni0,1,0\ni1,1\n",
  "long-row.csv": "image,x,y\ni0,1,0\ni1,1,0,1\n",
  "two-x.csv": "image,x,x\ni0,1,0\n",
  "semicolons.csv": "image;x;y\ni0;1;0\n",
  "words.csv": "image,x,y\ni0,yes,0\n",
  "conflict.csv": "image,x\ni0,1\ni0,0\n",
  "strangers.csv": "image,x,y\nq,1,0\nr,0,1\n",
  "other-categories.csv": "image,p,q\ni0,1,0\n",
  "few.csv": `image,x,y,z\n${rows(3, (at) => `i${at},${at % 2},0,1`)}\n`,
  "binary.csv": Uint8Array.of(0x69, 0, 0, 1, 2, 3),
  "shift-jis.csv": shiftJis,
  "latin.csv": Uint8Array.from([...Buffer.from("image,caf"), 0xe9, ...Buffer.from(",x\ni0,1,0\n")]),
  "bad-part.csv": "image,split\ni0,train\ni1,trian\n",
  "no-report.csv": `image,split\n${rows(160, (at) => `i${at},${at % 2 === 0 ? "train" : "valid"}`)}\n`,
  "empty.safetensors": "",
  "empty.npy": "",
  "empty.onnx": "",
  "text.safetensors": "these are not tensors at all",
  "text.npy": "these are not numbers at all",
  "text.onnx": "this is no model at all",
  "text.run.json": "{",
  "other.run.json": '{"format": "something else"}',
};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "catwise-bad-"));
  inputs = join(root, "in");
  mkdirSync(inputs);
  await writeInputs(inputs);
  await writeModelAndImages(inputs, 2);
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(inputs, name), text);
  for (const name of ["f.safetensors", "f.npy", "h.safetensors", "m.onnx"]) {
    const bytes = readFileSync(join(inputs, name));
    writeFileSync(join(inputs, `cut-${name}`), bytes.subarray(0, bytes.length - 40));
  }
  // The last number of the last row; float32 NaN and infinity, little-endian.
  for (const [name, number] of [["nan", [0, 0, 0xc0, 0x7f]], ["infinite", [0, 0, 0x80, 0xff]]] as const) {
    for (const file of ["f.safetensors", "f.npy"]) {
      const bytes = readFileSync(join(inputs, file));
      bytes.set(number, bytes.length - 4);
      writeFileSync(join(inputs, `${name}-${file}`), bytes);
    }
  }
  await writeHead(join(inputs, "wide.safetensors"), { categories: ["x", "y", "z"], columns: 5, weight: new Float32Array(15), bias: new Float32Array(3) });
  for (const name of ["no-images", "broken-images", "pack"]) mkdirSync(join(inputs, name));
  writeFileSync(join(inputs, "broken-images/a.png"), "no picture");
  const picture = readFileSync(join(inputs, "images/i0.png"));
  writeFileSync(join(inputs, "broken-images/b.png"), picture.subarray(0, picture.length >> 1));
  writeFileSync(join(inputs, "broken-images/c.png"), "");
  mkdirSync(join(inputs, "some-broken"));
  copyFileSync(join(inputs, "images/i0.png"), join(inputs, "some-broken/good.png"));
  for (const name of ["a", "b", "c"]) copyFileSync(join(inputs, `broken-images/${name}.png`), join(inputs, `some-broken/${name}.png`));
  before = listing(inputs);
});
afterAll(() => rmSync(root, { recursive: true }));

/** Runs in an empty folder, with "@" in front of a word standing for the folder of inputs. */
async function run(args: readonly string[]): Promise<Run & { written: string[] }> {
  const folder = mkdtempSync(join(root, "run-"));
  const result = await catwiseAsync(folder, ...args.map((word) => word.replace(/@/g, "../in/")));
  return { ...result, written: listing(folder) };
}

function expectRefusal(result: Run & { written: string[] }, code: ErrorCode, told: string | RegExp): void {
  expect(result.stderr).toMatch(new RegExp(`^catwise: ${code.replace(".", "\\.")}: [^\n]+\n$`));
  expect(result.stderr).toMatch(told);
  expect(result.status).toBe(exitStatus[errorTable[code].kind]);
  expect(result.stdout).toBe("");
  expect(result.written).toEqual([]);
  expect(listing(inputs)).toEqual(before);
}

interface TuneFiles {
  readonly features?: string;
  readonly head?: string;
  readonly labels?: string;
}

function tune({ features = "f.safetensors", head = "h.safetensors", labels = "l.csv" }: TuneFiles, ...more: string[]): string[] {
  return ["tune", "--features", `@${features}`, "--head", `@${head}`, "--labels", `@${labels}`, "--out", "tuned.safetensors", "--report", "r.html", "--quiet", ...more];
}

const extract = (model: string, images: string): string[] => ["extract", "--model", `@${model}`, "--images", `@${images}`, "--out", "x.safetensors", "--quiet"];
const evaluateAll = (labels: string, ...more: string[]): string[] => ["evaluate", "--features", "@f.safetensors", "--head", "@h.safetensors", "--labels", labels, "--part", "all", ...more];
const predict = (model: string, images: string): string[] => ["predict", "--model", `@${model}`, "--images", `@${images}`, "--out", "x.csv", "--quiet"];

type Refusal = readonly [what: string, args: readonly string[], code: ErrorCode, told: string | RegExp];

const refusals: readonly Refusal[] = [
  ["a missing label file", tune({ labels: "none.csv" }), "file.missing", "none.csv"],
  ["a missing split file", tune({}, "--split", "@none.csv"), "file.missing", "none.csv"],
  ["missing features", tune({ features: "none.safetensors" }), "file.missing", "none.safetensors"],
  ["missing .npy features", tune({ features: "none.npy" }), "file.missing", "none.npy"],
  ["a missing head", tune({ head: "none.safetensors" }), "file.missing", "none.safetensors"],
  ["a missing model", extract("none.onnx", "images"), "file.missing", "none.onnx"],
  ["a missing model to inspect", ["inspect", "@none.onnx"], "file.missing", "none.onnx"],
  ["a missing image folder", extract("m.onnx", "none"), "file.missing", /none: expected a folder of images/],
  ["a missing pack", tune({}, "--labels", "pack:@none"), "file.missing", "labels.npy"],
  ["a missing run", ["report", "@none.run.json", "--out", "r.html"], "file.missing", "none.run.json"],
  ["a folder in place of the labels", tune({ labels: "images" }), "file.unreadable", "folder"],
  ["a file in place of the image folder", predict("m.onnx", "l.csv"), "file.unreadable", "expected a folder of images"],

  ["empty labels", tune({ labels: "empty.csv" }), "file.empty", "empty.csv"],
  ["labels of blank lines", tune({ labels: "blank.csv" }), "file.empty", "blank.csv"],
  ["labels with a header alone", tune({ labels: "header.csv" }), "labels.no-images", "header.csv"],
  ["empty features", tune({ features: "empty.safetensors" }), "file.empty", "empty.safetensors"],
  ["empty .npy features", tune({ features: "empty.npy" }), "file.empty", "empty.npy"],
  ["an empty head", tune({ head: "empty.safetensors" }), "file.empty", "empty.safetensors"],
  ["an empty model", extract("empty.onnx", "images"), "file.empty", "empty.onnx"],
  ["an empty image folder", extract("m.onnx", "no-images"), "images.none", "no-images"],
  ["an empty image folder to predict", predict("m.onnx", "no-images"), "images.none", "no-images"],

  ["labels that end within a quoted field", tune({ labels: "cut.csv" }), "csv.quote", "cut.csv, line 3"],
  ["features cut short", tune({ features: "cut-f.safetensors" }), "file.truncated", /expected \d+ bytes/],
  [".npy features cut short", tune({ features: "cut-f.npy" }), "file.truncated", /expected \d+ bytes/],
  ["a head cut short", tune({ head: "cut-h.safetensors" }), "file.truncated", /expected \d+ bytes/],
  ["a model cut short", extract("cut-m.onnx", "images"), "model.unreadable", "cut-m.onnx"],
  ["text for features", tune({ features: "text.safetensors" }), "file.malformed", "text.safetensors"],
  ["text for .npy features", tune({ features: "text.npy" }), "file.malformed", "text.npy"],
  ["text for a model", ["inspect", "@text.onnx"], "model.unreadable", "text.onnx"],
  ["features of an unknown ending", tune({ features: "l.csv" }), "file.unknown-format", "safetensors or .npy"],
  ["images none of which can be read", extract("m.onnx", "broken-images"), "images.none", /broken-images: .*a\.png/],
  ["images none of which can be predicted", predict("m.onnx", "broken-images"), "images.none", /broken-images: .* 3 were skipped, the first: a\.png/],
  ["a run that is cut short", ["report", "@text.run.json", "--out", "r.html"], "file.malformed", "text.run.json"],
  ["another document in place of a run", ["report", "@other.run.json", "--out", "r.html"], "file.unknown-format", "other.run.json"],

  ["a row too short", tune({ labels: "short-row.csv" }), "csv.ragged-row", "short-row.csv, line 3: expected 3 fields as in the header, got 2."],
  ["a row too long", tune({ labels: "long-row.csv" }), "csv.ragged-row", "long-row.csv, line 3: expected 3 fields as in the header, got 4."],
  ["two columns of one name", tune({ labels: "two-x.csv" }), "csv.duplicate-column", 'two-x.csv, line 1, column 3, field "x"'],
  ["fields separated by semicolons", tune({ labels: "semicolons.csv" }), "csv.missing-column", "Separate the fields with commas."],
  ["a word in place of a label", tune({ labels: "words.csv" }), "labels.invalid-value", 'words.csv, line 2, column 2, field "x": expected 1, 0, empty, ?, -1 or u, got "yes".'],
  ["two labels for one cell", tune({ labels: "conflict.csv" }), "labels.conflicting-cell", /line 3.* on line 2/],
  ["binary labels", tune({ labels: "binary.csv" }), "file.malformed", "null characters"],
  ["labels in Shift_JIS", tune({ labels: "shift-jis.csv" }), "file.encoding", "It looks like Shift_JIS. Pass --encoding shift_jis"],
  ["labels in Latin-1", tune({ labels: "latin.csv" }), "file.encoding", "latin.csv, line 1: expected UTF-8"],
  ["labels in another encoding than the one given", tune({ labels: "shift-jis.csv" }, "--encoding", "euc-jp"), "file.encoding", "not euc-jp"],
  ["an encoding nobody knows", tune({ labels: "shift-jis.csv" }, "--encoding", "klingon"), "usage.invalid-value", "--encoding: expected a name such as shift_jis"],
  ["a part nobody knows", tune({}, "--split", "@bad-part.csv"), "split.invalid-part", 'bad-part.csv, line 3, column 2, field "split"'],
  ["a part that holds no image", ["evaluate", ...tune({}, "--split", "@no-report.csv").slice(1, 7), "--split", "@no-report.csv", "--quiet"], "split.empty-part", '"report"'],
  ["a source of labels nobody knows", tune({}, "--labels", "kitti:@images"), "file.unknown-format", "pack:DIR"],

  ["labels none of whose images is there", tune({ labels: "strangers.csv" }), "labels.images-not-found", /"q".*"i0"/],
  ["labels none of whose categories the head has", tune({ labels: "other-categories.csv" }), "labels.no-overlap", /"p".*"x"/],
  ["labels none of whose images is in the folder", [...extract("m.onnx", "images"), "--labels", "@strangers.csv"], "labels.images-not-found", "images"],
  ["as many categories as the unnamed outputs of a model are not", ["evaluate", "--model", "@m.onnx", "--images", "@images", "--labels", "@few.csv", "--quiet"], "head.category-mismatch", /4 outputs.*3 categories/],
  ["NaN among features", tune({ features: "nan-f.safetensors" }), "features.not-finite", 'row 160 ("i159"), column 4: expected a finite number, got NaN.'],
  ["NaN among .npy features", tune({ features: "nan-f.npy" }), "features.not-finite", "row 160, column 4"],
  ["an infinite feature", tune({ features: "infinite-f.safetensors" }), "features.not-finite", "got -Infinity."],
  ["an infinite .npy feature", tune({ features: "infinite-f.npy" }), "features.not-finite", "got -Infinity."],
  ["feature rows without ids that are not as many as the labels", tune({ features: "f.npy", labels: "few.csv" }), "labels.count-mismatch", /160 rows.* 3 images/],
  ["a head of another width", tune({ head: "wide.safetensors" }), "head.width-mismatch", /expects 5 features .* have 4/],

  ["help for a command nobody knows", ["help", "tnue"], "usage.unknown-command", "unknown command 'tnue'. Did you mean tune?"],
  ["an option nobody knows", ["tune", "--lables", "x"], "usage.unknown-option", "Did you mean --labels?"],
  ["an option nobody knows, with its value", ["evaluate", "--metric=ap"], "usage.unknown-option", "Did you mean --metrics?"],
  ["a command nobody knows", ["tnue"], "usage.unknown-command", "Did you mean tune?"],
  ["an option that is missing", ["tune", "--features", "@f.npy", "--head", "@h.safetensors", "--labels", "@l.csv"], "usage.missing-option", "--out"],
  ["an option without its value", ["tune", "--labels"], "usage.missing-option", "--labels"],
  ["a method nobody knows", tune({}, "--method", "best"), "usage.invalid-value", "bp-bce"],
  ["a strategy nobody knows", ["pretrain", "--features", "@f.npy", "--labels", "@l.csv", "--strategy", "hope", "--out", "h.safetensors"], "usage.invalid-value", "assume-negative"],
  ["a model to write where none was given", tune({}, "--out", "tuned.onnx"), "usage.invalid-value", "--model"],
  ["a share of labels that is none", ["mask", "--labels", "@l.csv", "--keep", "5", "--out", "m.csv"], "usage.invalid-value", "--keep: expected a share from 0 to 1"],
  ["a count of labels that is none", ["mask", "--labels", "@l.csv", "--protocol", "fixed-per-category", "--keep", "1.5", "--out", "m.csv"], "usage.invalid-value", "--keep: expected a whole number"],
  ["categories to tune that the head has not", tune({}, "--categories", "x,w"), "labels.unknown-category", 'got "w"'],
  ["labels with which no category can be tuned", tune({ labels: "few.csv" }), "tune.nothing-eligible", "x: Not tried: "],
];

describe.concurrent("the command line says in one line what is wrong and writes nothing, given", () => {
  it.each(refusals)("%s", async (_, args, code, told) => {
    expectRefusal(await run(args), code, told);
  });
});

describe.concurrent("what is odd but harmless is told and stops nothing:", () => {
  it("a byte order mark, CR LF and quoted commas are read as they are meant", async () => {
    const folder = mkdtempSync(join(root, "odd-"));
    writeFileSync(join(folder, "odd.csv"), `\uFEFF"image","x","y"\r\n${rows(160, (at) => `"i${at}",${at % 2},${at % 3 === 0 ? 1 : 0}`).replaceAll("\n", "\r\n")}\r\n`);
    const plain = await run(evaluateAll(join(folder, "odd.csv")));
    expect(plain.status, plain.stderr).toBe(0);
    expect(plain.stdout).toMatch(/^x +80\/80 /m);
    writeFileSync(join(folder, "comma.csv"), 'image,"scratch, deep"\r\n"a, b.png",1\r\nc.png,0\r\n');
    const masked = catwise(folder, "mask", "--labels", "comma.csv", "--keep", "1", "--out", "masked.csv", "--quiet");
    expect(masked.status, masked.stderr).toBe(0);
    expect(readFileSync(join(folder, "masked.csv"), "utf8")).toMatch(/^image,split,"scratch, deep"\n"a, b\.png",\w+,1\n/);
  });

  it("labels in Shift_JIS, with --encoding", async () => {
    const result = await run(evaluateAll("@shift-jis.csv", "--encoding", "shift_jis"));
    expect(result.status, result.stderr).toBe(0);
    expect(result.stderr).toContain('notice: labels.extra-categories: the head does not have "傷"');
  });

  it("labelled images that are not there, images without labels, categories on one side only", async () => {
    const folder = mkdtempSync(join(root, "odd-"));
    writeFileSync(join(folder, "odd.csv"), `image,x,extra\n${rows(100, (at) => `i${at + 80},${at % 2},1`)}\n`);
    const result = await run(evaluateAll(join(folder, "odd.csv")));
    expect(result.status, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/^notice: labels\.images-missing: 20 labelled images are not among the images given, such as "i160"/m);
    expect(result.stderr).toMatch(/^notice: labels\.images-unlabelled: 80 images have no row in the labels, such as "i0"/m);
    expect(result.stderr).toMatch(/^notice: labels\.extra-categories: .*"extra"/m);
    expect(result.stderr).toMatch(/^notice: labels\.missing-categories: .*"y", "z"/m);
  });

  it("files without labels in the folder of a model's images: told, and never opened", async () => {
    const folder = mkdtempSync(join(root, "unlabelled-"));
    writeFileSync(join(folder, "l.csv"), "image,w,x,y,z\ngood.png,1,0,1,0\n");
    const result = await run(["evaluate", "--model", "@m.onnx", "--images", "@some-broken", "--labels", join(folder, "l.csv"), "--part", "all"]);
    expect(result.status, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/^notice: labels\.images-unlabelled: 3 files have no row in the labels, such as "a\.png", "b\.png", "c\.png"; they are left out\./m);
    expect(result.stderr).not.toContain("images.skipped");
  });

  it("images that cannot be read: skipped, counted and listed with the reason", async () => {
    const result = await run(["extract", "--model", "@m.onnx", "--images", "@some-broken", "--out", "x.safetensors"]);
    expect(result.status, result.stderr).toBe(0);
    for (const name of ["a", "b", "c"]) expect(result.stderr).toMatch(new RegExp(`^notice: images\\.skipped: ${name}\\.png: `, "m"));
    expect(result.stdout).toMatch(/^1 images, 5 features each -> x\.safetensors\n3 files were skipped:/m);
    expect(result.written.map((line) => line.split(" ")[0])).toEqual(["x.safetensors"]);
  });
});

it("leaves every folder of inputs as it was", () => {
  expect(listing(inputs)).toEqual(before);
  expect(readdirSync(root).length).toBeGreaterThan(refusals.length);
});
