/** The networks of a workspace, up to the features that heads read: the one that comes with Catwise, or an ONNX file people brought. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CatwiseError, expected } from "../../errors.ts";
import type { Head } from "../../learn/index.ts";
import { Extractor, defaultScattering, inspectModel, openBackbone, readModelHead, resolvePreprocessing, scatteringModel, scatteringPreprocessing, sha256OfFile, writeFileAtomically, writePreprocessing, type Backbone, type FeatureBatch, type Preprocessing } from "../../model/index.ts";
import type { Told } from "../told.ts";

/** Which network: the embedded one, or models/<hash>.onnx. */
export interface NetworkChoice {
  readonly kind: "embedded" | "onnx";
  /** SHA-256 of the file; null for the embedded one. */
  readonly hash: string | null;
}

/** A network ready to be given pictures. Close it when done. */
export interface Network {
  /** Names its features: of the file's bytes and of how pictures are prepared; another preparation gives other features. */
  readonly key: string;
  readonly file: string;
  readonly columns: number;
  readonly preprocessing: Preprocessing;
  readonly backbone: Backbone;
  extract(images: readonly { readonly id: string; readonly path: string }[]): AsyncIterable<FeatureBatch>;
  close(): Promise<void>;
}

/** Opens a network of the workspace. Errors: file.missing, those of the model; model.unsupported where every category has features of its own. */
export async function openNetwork(workspace: string, choice: NetworkChoice, threads?: number): Promise<Network> {
  const file = choice.kind === "embedded" ? await embeddedFile(workspace) : modelFile(workspace, choice.hash ?? "");
  const backbone = await openBackbone(file, threads === undefined ? {} : { threads });
  try {
    if (backbone.perCategory !== null) {
      throw new CatwiseError("model.unsupported", "every category of this model reads features of its own, so that no category can be added to it here.", { place: { file }, remedy: "Tune it with catwise tune, or bring a model whose categories share their features." });
    }
    const { channels, height, width } = backbone.input;
    const { preprocessing } = await resolvePreprocessing({ modelPath: file, inputHeight: height, inputWidth: width, inputChannels: channels });
    const extractor = new Extractor({ model: file, preprocessing, backbone, threads });
    const key = createHash("sha256").update(await sha256OfFile(file)).update(JSON.stringify(preprocessing)).digest("hex").slice(0, 32);
    return {
      key,
      file,
      columns: backbone.columns,
      preprocessing,
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
}

/**
 * Takes an ONNX file into the workspace, inspected and run once on a black picture, so that what is kept is known to work. Errors: those of the model: what was found, what was expected, why it cannot be used; output.*.
 */
export async function takeModel(workspace: string, file: string): Promise<TakenModel> {
  const inspected = await inspectModel(file);
  if (inspected.head === null) {
    const { code, found, remedy } = inspected.refusal!;
    throw new CatwiseError(code, found, { remedy });
  }
  const head = await readModelHead(file);
  const hash = await sha256OfFile(file);
  const kept = modelFile(workspace, hash);
  await mkdir(join(workspace, "models"), { recursive: true });
  if ((await stat(kept).catch(() => null)) === null) {
    // What lies beside the file and says how it wants its pictures comes along.
    const { preprocessing, origin } = await resolvePreprocessing({ modelPath: file, ...(await inputOf(file)) });
    if (origin !== "assumed-imagenet") await writePreprocessing(kept, preprocessing);
    await writeFileAtomically(kept, (temporary) => copyFile(file, temporary));
  }
  const network = await openNetwork(workspace, { kind: "onnx", hash });
  try {
    const { input } = network.backbone;
    const pixels = new Float32Array(3 * network.preprocessing.width * network.preprocessing.height).subarray(0, input.channels * network.preprocessing.width * network.preprocessing.height);
    await network.backbone.run(pixels, 1);
    const { preprocessing } = network;
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
    };
  } finally {
    await network.close();
  }
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
  return join(workspace, "models", `${hash}.onnx`);
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
