/** How the pictures of a model that was brought are prepared: found beside the file, stated by people, or assumed; kept with the model, and with every version made on its features. */
import { CatwiseError } from "../../errors.ts";
import { checkPreprocessing, imagenetPreprocessing, type ModelInput, type Preprocessing } from "../../model/index.ts";

/** The usual ranges a network wants its pixel values in. imagenet: 0 .. 1, less ImageNet's mean, by its deviation. */
export const valueRanges = ["imagenet", "0..1", "-1..1", "0..255"] as const;

/** One of `valueRanges`. */
export type ValueRange = (typeof valueRanges)[number];

/** What people may state; what is left out stays as it was found or assumed. `values` stands for mean, std and scale together. */
export interface StatedPreprocessing extends Partial<Preprocessing> {
  readonly values?: ValueRange;
}

/** What a model keeps. */
export interface ModelRecipe {
  readonly preprocessing: Preprocessing;
  /** Where it came from; "stated" as soon as anything of it was. */
  readonly origin: "stated" | "catwise.json" | "preprocessor_config.json" | "assumed-imagenet";
  /** What the file says of its input; null: any size. */
  readonly input: Pick<ModelInput, "channels" | "height" | "width" | "layout">;
}

const { mean, std, scale } = imagenetPreprocessing(1, 1);
const zeros = [0, 0, 0] as const;
const ones = [1, 1, 1] as const;
const halves = [0.5, 0.5, 0.5] as const;
const ranges: Readonly<Record<ValueRange, Pick<Preprocessing, "mean" | "std" | "scale">>> = {
  imagenet: { mean, std, scale },
  "0..1": { mean: zeros, std: ones, scale },
  "-1..1": { mean: halves, std: halves, scale },
  "0..255": { mean: zeros, std: ones, scale: 1 },
};

/** The range by its name; null for numbers of one's own. */
export function rangeOf(preprocessing: Pick<Preprocessing, "mean" | "std" | "scale">): ValueRange | null {
  return valueRanges.find((name) => same(ranges[name].mean, preprocessing.mean) && same(ranges[name].std, preprocessing.std) && ranges[name].scale === preprocessing.scale) ?? null;
}

function same(one: readonly number[], other: readonly number[]): boolean {
  return one.every((value, at) => value === other[at]);
}

/** What is stated, field by field: numbers win over the range's. */
export function explicitFields({ values, ...fields }: StatedPreprocessing): Partial<Preprocessing> {
  return { ...(values === undefined ? {} : ranges[values]), ...fields };
}

/** A model's recipe with something stated anew. Errors: images.preprocessing for a field outside its domain, or one that contradicts the input of the file. */
export function restated({ preprocessing, input }: ModelRecipe, stated: StatedPreprocessing): ModelRecipe {
  const now = checkPreprocessing({ ...preprocessing, ...explicitFields(stated) });
  for (const side of ["width", "height"] as const) {
    const fixed = input[side];
    if (fixed !== null && now[side] !== fixed) throw contradiction(side, `${fixed}, the fixed size of the model's input`, now[side]);
  }
  const channels = now.channelOrder === "grey" ? 1 : 3;
  if (channels !== input.channels) throw contradiction("channelOrder", `an order of ${input.channels} channel(s), as the model's input has`, now.channelOrder);
  return { preprocessing: now, origin: "stated", input };
}

/** What was kept with a model; null for the embedded network, and for models that were brought before it was kept: those are prepared as is found beside the file or assumed. */
export function recipeOf({ recipe }: { readonly recipe: unknown }): ModelRecipe | null {
  return typeof recipe === "object" && recipe !== null && "preprocessing" in recipe && "input" in recipe ? (recipe as ModelRecipe) : null;
}

function contradiction(field: string, rule: string, got: unknown): CatwiseError {
  return new CatwiseError("images.preprocessing", `expected ${rule}, got ${JSON.stringify(got)}.`, { place: { field }, remedy: "Correct the field." });
}
