import { CatwiseError } from "../../errors.ts";
import { withFile } from "./open-file.ts";
import { metadataStrings, readFloatTensor, readSafetensorsHeader, tensorEntry } from "./safetensors.ts";

/** Probabilities of a model for N images and C categories, with the names of both. */
export interface NamedProbabilities {
  readonly ids: readonly string[];
  readonly categories: readonly string[];
  /** (N*C), image by image: in [0, 1], NaN where there is none. */
  readonly values: Float32Array;
}

/**
 * Reads `probabilities` (N x C) of a .safetensors file, whose metadata "ids" and "categories" are JSON arrays of names. Errors: file.malformed (another shape, names missing or twice, a number
 * that is neither in [0, 1] nor NaN: image and category are told), and those of the format.
 */
export async function readProbabilityTensor(path: string): Promise<NamedProbabilities> {
  return withFile(path, async (file) => {
    const header = await readSafetensorsHeader(file);
    const { shape } = tensorEntry(file, header, "probabilities");
    const [ids, categories] = (["ids", "categories"] as const).map((key) => metadataStrings(file, header, key));
    if (ids === undefined || categories === undefined) {
      throw malformed(path, `expected JSON arrays of names in the metadata "ids" and "categories", found no "${ids === undefined ? "ids" : "categories"}".`);
    }
    if (shape.length !== 2 || shape[0] !== ids.length || shape[1] !== categories.length) {
      throw malformed(path, `expected probabilities of shape (${ids.length}, ${categories.length}), as the names say, got (${shape.join(", ")}).`);
    }
    for (const names of [ids, categories]) {
      const twice = firstTwice(names);
      if (twice !== undefined) throw malformed(path, `expected every name once, got ${JSON.stringify(twice)} twice.`);
    }
    const values = await readFloatTensor(file, header, "probabilities");
    const wrong = values.findIndex((value) => value < 0 || value > 1);
    if (wrong >= 0) {
      const [row, c] = [Math.floor(wrong / categories.length), wrong % categories.length];
      throw malformed(path, `image ${JSON.stringify(ids[row])}, category ${JSON.stringify(categories[c])}: expected a probability in [0, 1], or NaN for none, got ${values[wrong]}.`);
    }
    return { ids, categories, values };
  });
}

function firstTwice(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function malformed(path: string, what: string): CatwiseError {
  return new CatwiseError("file.malformed", what, { place: { file: path }, remedy: "Write the file anew: probabilities (images x categories) with the names of both." });
}
