/** The networks of a workspace, up to the features that heads read: the one that comes with Catwise, or an ONNX file people brought. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { constants, copyFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CatwiseError, expected } from "../../errors.ts";
import type { Head } from "../../learn/index.ts";
import { Extractor, defaultScattering, inspectModel, openBackbone, readModelHead, resolvePreprocessing, scatteringModel, scatteringPreprocessing, sha256OfFile, weightFiles, writeFileAtomically, writePreprocessing, type Backbone, type FeatureBatch, type Preprocessing, type PreprocessingOrigin } from "../../model/index.ts";
import type { Told } from "../told.ts";
import { explicitFields, type ModelRecipe, type StatedPreprocessing } from "./recipe.ts";

/** Which network: the embedded one, or models/<hash>.onnx; models/<hash>/model.onnx where weights lie in files beside it. */
export interface NetworkChoice {
  readonly kind: "embedded" | "onnx";
  /** SHA-256 of the file, or of those of all its files where it has several; null for the embedded one. */
  readonly hash: string | null;
  /** How pictures are prepared; null or left out: as is found beside the file, or assumed. */
  readonly preprocessing?: Preprocessing | null;
}

/** A network ready to be given pictures. Close it when done. */
export interface Network {
  /** Names its features: of the file's bytes and of how pictures are prepared; another preparation gives other features. */
  readonly key: string;
  readonly file: string;
  readonly columns: number;
  readonly preprocessing: Preprocessing;
  readonly origin: PreprocessingOrigin;
  readonly backbone: Backbone;
  extract(images: readonly { readonly id: string; readonly path: string }[]): AsyncIterable<FeatureBatch>;
  close(): Promise<void>;
}

/** Opens a network of the workspace. Errors: file.missing, those of the model; model.unsupported where every category has features of its own. */
export async function openNetwork(workspace: string, choice: NetworkChoice, threads?: number): Promise<Network> {
  return openFile(choice.kind === "embedded" ? await embeddedFile(workspace) : modelFile(workspace, choice.hash ?? ""), choice.hash, { explicit: choice.preprocessing ?? {}, threads });
}

/** `hash`: of the model; null: of the file, which is then all of it. */
async function openFile(file: string, hash: string | null, { explicit, threads }: { readonly explicit: Partial<Preprocessing>; readonly threads?: number | undefined }): Promise<Network> {
  const backbone = await openBackbone(file, threads === undefined ? {} : { threads });
  try {
    if (backbone.perCategory !== null) {
      throw new CatwiseError("model.unsupported", "every category of this model reads features of its own, so that no category can be added to it here.", { place: { file }, remedy: "Tune it with catwise tune, or bring a model whose categories share their features." });
    }
    const { channels, height, width } = backbone.input;
    const { preprocessing, origin } = await resolvePreprocessing({ modelPath: file, inputHeight: height, inputWidth: width, inputChannels: channels, explicit });
    const extractor = new Extractor({ model: file, preprocessing, backbone, threads });
    const key = createHash("sha256").update(hash ?? (await sha256OfFile(file))).update(JSON.stringify(preprocessing)).digest("hex").slice(0, 32);
    return {
      key,
      file,
      columns: backbone.columns,
      preprocessing,
      origin,
      backbone,
      extract: (images) => extractor.extract(images),
      close: async () => {
        await extractor.close();
        await backbone.close();
      },
    };
  } catch (error) {
    await backbone.close();
    throw error;
  }
}

/** What was found in a model file that was taken in. */
export interface TakenModel {
  readonly hash: string;
  readonly columns: number;
  /** Categories of its layer, in its order; numbered where it names none. */
  readonly categories: readonly string[];
  readonly named: boolean;
  /** What was found, for people. */
  readonly details: readonly Told[];
  readonly recipe: ModelRecipe;
}

/**
 * Takes an ONNX file into the workspace, with the files its weights lie in, inspected and run once on a black picture, so that what is kept is known to work; nothing is kept of one that is not. Errors: those of the model:
 * what was found, what was expected, why it cannot be used; images.preprocessing for what is stated and does not fit the file; output.*.
 */
export async function takeModel(workspace: string, file: string, stated: StatedPreprocessing = {}): Promise<TakenModel> {
  const inspected = await inspectModel(file);
  if (inspected.head === null) {
    const { code, found, remedy } = inspected.refusal!;
    throw new CatwiseError(code, found, { remedy });
  }
  const head = await readModelHead(file);
  const weights = await weightFiles(file);
  const odd = weights.find((name) => !/^[A-Za-z0-9][\w.-]{0,79}$/.test(name));
  if (odd !== undefined) throw new CatwiseError("model.external-data", `the model keeps weights in "${odd}", a name under which it cannot be kept here.`, { place: { file }, remedy: "Export the model with its weights in one file named by letters, digits, dots and hyphens." });
  const hash = await hashOf(file, weights);
  const there = existsSync(modelFile(workspace, hash));
  const staged = join(workspace, "tmp", randomBytes(12).toString("hex"));
  const place = there ? modelFile(workspace, hash) : join(staged, "model.onnx");
  try {
    if (!there) await copyModel(file, weights, place);
    const taken = await tryModel(place, hash, head, explicitFields(stated));
    if (!there) await keepModel(workspace, staged, hash, weights.length > 0);
    return taken;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** Opens and runs it once. */
async function tryModel(file: string, hash: string, head: Awaited<ReturnType<typeof readModelHead>>, explicit: Partial<Preprocessing>): Promise<TakenModel> {
  const network = await openFile(file, hash, { explicit });
  try {
    const { input } = network.backbone;
    const pixels = new Float32Array(3 * network.preprocessing.width * network.preprocessing.height).subarray(0, input.channels * network.preprocessing.width * network.preprocessing.height);
    await network.backbone.run(pixels, 1);
    const { preprocessing, origin } = network;
    const { channels, height, width, layout } = input;
    return {
      hash,
      columns: network.columns,
      categories: head.categories ?? Array.from(head.bias, (_, at) => `output-${at}`),
      named: head.categories !== null,
      details: [
        { code: "model.categories", params: { count: head.bias.length, named: head.categories !== null } },
        { code: "model.input", params: { width: preprocessing.width, height: preprocessing.height, channels: input.channels } },
        { code: "model.features", params: { columns: network.columns } },
      ],
      recipe: { preprocessing, origin: origin === "options" ? "stated" : origin, input: { channels, height, width, layout } },
    };
  } finally {
    await network.close();
  }
}

/** Of a model with weights of its own: the hash of its file, by which it has been known all along; else one of all its files with their names. */
async function hashOf(file: string, weights: readonly string[]): Promise<string> {
  const own = await sha256OfFile(file);
  if (weights.length === 0) return own;
  const hash = createHash("sha256").update(own);
  for (const name of [...weights].sort()) hash.update(`\n${name} ${await sha256OfFile(join(dirname(file), name))}`);
  return hash.digest("hex");
}

async function copyModel(file: string, weights: readonly string[], place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  try {
    await copyFile(file, place, constants.COPYFILE_EXCL);
    for (const name of weights) await copyFile(join(dirname(file), name), join(dirname(place), name), constants.COPYFILE_EXCL);
  } catch (cause) {
    const full = cause instanceof Error && "code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT");
    throw new CatwiseError(full ? "output.no-space" : "output.unwritable", full ? "the disk is full; the model was not kept." : "the model cannot be copied into the workspace.", { remedy: full ? "Free some space and bring it again." : "Look at whether the workspace can be written.", cause });
  }
  // What lies beside the file and says how it wants its pictures comes along.
  const { preprocessing, origin } = await resolvePreprocessing({ modelPath: file, ...(await inputOf(file)) });
  if (origin !== "assumed-imagenet") await writePreprocessing(place, preprocessing);
}

/** Gives the staged files their place, the model last: a model that is there is whole. */
async function keepModel(workspace: string, staged: string, hash: string, folder: boolean): Promise<void> {
  const models = join(workspace, "models");
  await mkdir(models, { recursive: true });
  if (folder) return rename(staged, join(models, hash));
  const description = join(staged, "model.catwise.json");
  if (existsSync(description)) await rename(description, join(models, `${hash}.catwise.json`));
  return rename(join(staged, "model.onnx"), join(models, `${hash}.onnx`));
}

async function inputOf(file: string): Promise<{ readonly inputHeight: number | null; readonly inputWidth: number | null; readonly inputChannels: number }> {
  const backbone = await openBackbone(file);
  await backbone.close();
  const { height, width, channels } = backbone.input;
  return { inputHeight: height, inputWidth: width, inputChannels: channels };
}

/** The layer of a model with its rows named by what they were matched to; rows without a match are left out; null where none is left, or for the embedded network. Errors: those of the model. */
export async function ownHead(workspace: string, choice: NetworkChoice, matches: readonly { readonly name: string; readonly category: string | null }[]): Promise<Head | null> {
  if (choice.kind === "embedded") return null;
  const { categories, columns, weight, bias } = await readModelHead(modelFile(workspace, choice.hash ?? ""));
  const names = categories ?? Array.from(bias, (_, at) => `output-${at}`);
  const used = names.flatMap((name, at) => {
    const match = matches.findIndex((one) => one.name === name && one.category !== null);
    // Of several outputs for one category the first speaks.
    return match < 0 || matches.findIndex(({ category }) => category === matches[match]!.category) !== match ? [] : [{ at, category: matches[match]!.category! }];
  });
  if (used.length === 0) return null;
  const rows = new Float32Array(used.length * columns);
  used.forEach(({ at }, c) => rows.set(weight.subarray(at * columns, (at + 1) * columns), c * columns));
  return { categories: used.map(({ category }) => category), columns, weight: rows, bias: Float32Array.from(used, ({ at }) => bias[at]!) };
}

function modelFile(workspace: string, hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw expected("hash", "64 hexadecimal digits", hash);
  const folder = join(workspace, "models", hash);
  return existsSync(folder) ? join(folder, "model.onnx") : `${folder}.onnx`;
}

/** The wavelet scattering network, written into the workspace when first needed. The same version of Catwise writes the same bytes; another version's lies beside it. */
async function embeddedFile(workspace: string): Promise<string> {
  const bytes = scatteringModel(defaultScattering);
  const file = modelFile(workspace, createHash("sha256").update(bytes).digest("hex"));
  if ((await stat(file).catch(() => null)) === null) {
    await mkdir(join(workspace, "models"), { recursive: true });
    await writePreprocessing(file, scatteringPreprocessing(defaultScattering.size));
    await writeFileAtomically(file, (temporary) => writeFile(temporary, bytes, { flag: "wx" }));
  }
  return file;
}
