import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { decodeImage, imagenetPreprocessing, listImages, pixelsPerImage, readFeatures, type ImageFile, type Preprocessing } from "../../src/model/index.ts";
import { withBackbone } from "../../src/workflows/sources.ts";
import { extractToFile } from "../../src/workspace/index.ts";
import type { Bench, Case, Context } from "../harness/bench.ts";
import type { Contender } from "../harness/contender.ts";
import { rounded } from "../harness/figures.ts";
import { interleave, timing } from "../harness/interleave.ts";
import { PictureThreads } from "../harness/picture-threads.ts";
import { residualNetwork } from "../harness/residual-network.ts";

const data = resolve(import.meta.dirname, "../../../shared/data");
const photographs = join(data, "packs/coco256/images");
const cells = join(data, "packs/elpv/images");
const own = "catwise extract";
const alone = "onnxruntime alone";
const apiece = "onnxruntime alone, a session for each thread";
const batch = 16;

interface Network {
  readonly name: string;
  readonly model: string;
  readonly size: number;
  /** How often the photographs are gone through in a run, so that it takes seconds. */
  readonly times: number;
  /** How many runs count. */
  readonly counted: number;
}

export const extraction: Bench = {
  name: "extraction",
  title: "Features of 254 photographs (300 pixels, JPEG, gone through several times), from the files to the features file, beside onnxruntime alone on the same pixels decoded beforehand",
  remarks: `Milliseconds are those of an image. The runtime alone runs in two ways: one session on all threads, and a session for each thread, as extraction does where it finds that to be faster; both in batches of sixteen. Decoding a picture takes cores too: where a network is so light that decoding is a large share of the work, no arrangement reaches the
runtime alone. "Possible" says how far a machine would come whose cores were never idle: cores / (processor time of decoding + processor time of inference), beside what the runtime alone reached in this run. Decoding is measured once in every round, on as many threads and with the same steps as extraction
decodes: reading the file, sharp (libvips), resizing, normalising. Each is measured by itself, and costs a little less where both overlap, so that an extraction can come out somewhat above what is "possible".`,
  async run(context) {
    if (!existsSync(photographs)) return { cases: [], peers: [], absent: [`the photographs and networks of ${data}`] };
    const folder = mkdtempSync(join(tmpdir(), "catwise-extraction-"));
    try {
      const heavy = join(folder, "residual-50.onnx");
      writeFileSync(heavy, residualNetwork());
      const networks: Network[] = [
        { name: "light: MobileNetV1 0.25, 128 pixels", model: join(data, "models/mobilenetv1_0.25_128.onnx"), size: 128, times: 8, counted: 5 },
        { name: "medium: MobileNetV2 1.0, 224 pixels", model: join(data, "models/mobilenetv2_1.0_224.onnx"), size: 224, times: 3, counted: 5 },
        { name: "heavy: the shape of ResNet-50, 224 pixels", model: heavy, size: 224, times: 3, counted: 3 },
      ].slice(0, context.quick ? 1 : undefined);
      const cases: Case[] = [];
      // The small run is for comparing with later ones, and takes the light network alone.
      for (const network of networks) {
        context.tell(network.name);
        cases.push(await throughput(network, folder, context));
      }
      context.tell("memory of a long run");
      cases.push(memory(folder, networks[0].model, context));
      return { cases, peers: ["onnxruntime-node", "sharp"].map(versionOf), absent: [] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function throughput({ name, model, size, times, counted }: Network, folder: string, { threads, quick, tell }: Context): Promise<Case> {
  const images = (await listImages(photographs)).slice(0, quick ? 128 : undefined);
  const preprocessing = imagenetPreprocessing(size, size);
  const pixels = await decodeAll(images, preprocessing);
  const rounds = quick ? 4 : times;
  const many = Array.from({ length: rounds }, (_, round) => images.map((image): ImageFile => ({ ...image, id: `${round}/${image.id}` }))).flat();
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads });
  const columns = (await preloaded(session, pixels.subarray(0, pixels.length / images.length), 1, size, 1)).length;
  const each = await PictureThreads.open(threads, { model, images, preprocessing, pixels, batch, times: rounds, columns });
  const [decoding, unpacking] = [new Spending(images.length), new Spending(images.length)];
  const spending = { [alone]: new Spending(many.length), [apiece]: new Spending(many.length), [own]: new Spending(many.length) };
  try {
    const timings = await withBackbone({ kind: "model", model, images: photographs, threads, preprocessing }, { logger: { info: tell, warn: () => undefined } }, ({ width, extract }) => {
      const out = join(folder, "features.safetensors");
      const contenders: Contender[] = [
        spending[alone].contender(alone, () => preloaded(session, pixels, images.length, size, rounds), (features) => sums(features, many.length)),
        spending[apiece].contender(apiece, () => each.infer(), (features) => sums(features, many.length)),
        spending[own].contender(own, () => extractToFile({ folder: photographs, out, modelHash: "", preprocessing, images: many, columns: width, extract }), async () => sums((await readFeatures(out)).data, many.length)),
      ];
      return interleave(contenders, {
        rounds: quick ? 3 : counted,
        tolerance: 1e-5,
        eachRound: async () => {
          await decoding.of(() => each.decode());
          await unpacking.of(() => each.unpack());
        },
      });
    });
    const perImage = Object.fromEntries([...timings].map(([contender, { median, least, most, runs }]) => [contender, { median: median / many.length, least: least / many.length, most: most / many.length, runs }]));
    const faster = perImage[alone].median <= perImage[apiece].median ? alone : apiece;
    const [decoded, inferred] = [decoding.median(), spending[faster].median()];
    const possible = (threads / (decoded + inferred)) * perImage[faster].median;
    const share = perImage[faster].median / perImage[own].median;
    return {
      name,
      reference: faster,
      timings: perImage,
      ours: [own],
      figures: {
        "processor time of catwise extract (ms an image)": rounded(spending[own].median()),
        [`processor time of ${faster} (ms an image)`]: rounded(inferred),
        [`processor time of decoding alone, ${threads} threads (ms an image)`]: rounded(decoded),
        "of it, reading the file and sharp (ms an image)": rounded(unpacking.median()),
        "possible where both take that processor time and no core is ever idle (share of the runtime's images a second)": rounded(possible),
        "reached of that": rounded(share / possible),
      },
      targets: [{ what: "share of the runtime's images a second, whichever way it is faster", measured: share, bound: 0.95, side: "at least" }],
    };
  } finally {
    await session.release();
    await each.close();
  }
}

/** Processor time of this process, all of its threads', over runs that each take so many images. */
class Spending {
  readonly #images: number;
  readonly #runs: number[] = [];

  constructor(images: number) {
    this.#images = images;
  }

  async of<T>(job: () => Promise<T>): Promise<T> {
    const before = process.cpuUsage();
    const result = await job();
    const { user, system } = process.cpuUsage(before);
    this.#runs.push((user + system) / 1000 / this.#images);
    return result;
  }

  contender<T>(name: string, job: () => Promise<T>, values: (result: T) => readonly number[] | Promise<readonly number[]>): Contender {
    return {
      name,
      run: async () => {
        const began = performance.now();
        const result = await this.of(job);
        return { milliseconds: performance.now() - began, values: await values(result) };
      },
      close: () => undefined,
    };
  }

  /** Milliseconds an image. */
  median(): number {
    return timing(this.#runs).median;
  }
}

async function decodeAll(images: readonly ImageFile[], preprocessing: Preprocessing): Promise<Float32Array> {
  const each = pixelsPerImage(preprocessing);
  const pixels = new Float32Array(images.length * each);
  for (const [at, image] of images.entries()) {
    const failure = await decodeImage(image.path, preprocessing, pixels, at * each);
    if (failure !== null) throw new Error(`${image.id}: ${failure.detail}`);
  }
  return pixels;
}

/** All images through the session, `times` times, in batches. */
async function preloaded(session: InferenceSession, pixels: Float32Array, images: number, size: number, times: number): Promise<Float32Array> {
  const each = pixels.length / images;
  const answers: Float32Array[] = [];
  for (let round = 0; round < times; round++) {
    for (let first = 0; first < images; first += batch) {
      const count = Math.min(batch, images - first);
      const input = new Tensor("float32", pixels.subarray(first * each, (first + count) * each), [count, 3, size, size]);
      const { features } = await session.run({ input }, ["features"]);
      answers.push(features.data as Float32Array);
    }
  }
  const all = new Float32Array(answers.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const answer of answers) {
    all.set(answer, filled);
    filled += answer.length;
  }
  return all;
}

/** The mean feature, and the same with every image counting differently, so that no two may be exchanged. */
function sums(features: Float32Array, images: number): number[] {
  const columns = features.length / images;
  let [plain, weighted] = [0, 0];
  for (const [at, value] of features.entries()) {
    plain += value;
    weighted += value * (1 + (Math.floor(at / columns) % 101));
  }
  return [features.length, plain / features.length, weighted / features.length];
}

/** The images of a pack under 50,000 names, extracted by a process of its own. */
function memory(folder: string, model: string, { threads, quick }: Context): Case {
  const count = quick ? 1000 : 50_000;
  const images = join(folder, "many");
  const originals = join(folder, "originals");
  for (const each of [images, originals]) mkdirSync(each);
  // Links to copies, since links do not reach from one disk to another.
  const names = readdirSync(cells).sort().slice(0, 1000);
  for (const name of names) copyFileSync(join(cells, name), join(originals, name));
  for (let at = 0; at < count; at++) {
    const name = names[at % names.length];
    linkSync(join(originals, name), join(images, `${String(at).padStart(6, "0")}${extname(name)}`));
  }
  const child = resolve(import.meta.dirname, "../children/extract-memory.ts");
  const answer = execFileSync(process.execPath, [child, model, images, join(folder, "many.safetensors"), String(threads)], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 20 });
  const { milliseconds, images: done, first, second } = JSON.parse(answer) as { milliseconds: number; images: number; first: number; second: number };
  if (done !== count) throw new Error(`${done} of ${count} images have features.`);
  return {
    name: `memory over ${count.toLocaleString("en")} images, light network`,
    reference: own,
    timings: { [own]: timing([milliseconds]) },
    figures: { "highest resident memory in the first half (MB)": Math.round(first / 1e6), "in the second half (MB)": Math.round(second / 1e6) },
    targets: [{ what: "second half's memory over the first half's", measured: second / first, bound: 1.05, side: "at most", compared: true }],
  };
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../node_modules", name, "package.json"), "utf8")) as { version: string };
  return `${name} ${version}`;
}
