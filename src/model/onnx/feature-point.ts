/** Where a model's features are: the tensors its head reads, and how they become D numbers for each category where not all read the same. */
import { CatwiseError } from "../../errors.ts";
import type { OwnFeatures } from "../files/index.ts";
import { elementType, nodeMessage } from "./build.ts";
import { categoriesInMetadata } from "./category-names.ts";
import type { NodeProto } from "./generated/onnx_pb.ts";
import type { LoadedModel } from "./graph.ts";
import { requireHead } from "./inspect-model.ts";
import type { HeadChoice } from "./inspect-model.ts";
import { freeName } from "./replace-head.ts";
import type { TracedHead } from "./traced-head.ts";

export interface FeatureSource {
  readonly tensor: string;
  readonly pooledBehind: boolean;
}

/** Where each category's numbers stand among those of an image, and how many they are; `columns` (D) with zeros behind them. */
export interface Arrangement {
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  readonly columns: number;
}

export interface FeaturePoint {
  readonly sources: readonly FeatureSource[];
  /** Numbers per image of all sources together; null where it is not known before the first run. */
  readonly columns: number | null;
  readonly perCategory: OwnFeatures | null;
  /** null where the numbers stand as they should. */
  readonly arrangement: Arrangement | null;
}

/** What the head reads, or the named tensor of a model without one. Throws usage.invalid-value when that does not exist. */
export async function featurePoint(loaded: LoadedModel, options: HeadChoice & { readonly features?: string }): Promise<FeaturePoint> {
  const { features } = options;
  if (features !== undefined) {
    if (!loaded.producer.has(features)) throw new CatwiseError("usage.invalid-value", `features: expected the name of a tensor of the model, got "${features}".`, { place: { file: loaded.path }, remedy: `Its outputs are ${loaded.graph.output.map((output) => output.name).join(", ")}.` });
    return { sources: [{ tensor: features, pooledBehind: false }], columns: null, perCategory: null, arrangement: null };
  }
  const head = await requireHead(loaded, options);
  const shared = { sources: [{ tensor: head.featureTensor, pooledBehind: head.pooledBehind }], columns: head.columns, perCategory: null, arrangement: null };
  return head.perCategory ? pointPerCategory(loaded, head) : shared;
}

function pointPerCategory(loaded: LoadedModel, head: TracedHead): FeaturePoint {
  const sources: FeatureSource[] = [];
  const starts: number[] = [];
  const placeOf = new Map<string, number>();
  const offsets: number[] = [];
  const lengths: number[] = [];
  let width = 0;
  for (const { featureTensor: tensor, pooledBehind, lists, rows, rowsPerList, columns } of head.parts) {
    const key = `${pooledBehind} ${tensor}`;
    const place = placeOf.get(key) ?? sources.length;
    if (place === sources.length) {
      placeOf.set(key, place);
      sources.push({ tensor, pooledBehind });
      starts.push(width);
      width += lists * columns;
    }
    for (let row = 0; row < rows; row++) {
      offsets.push(starts[place]! + (lists === 1 ? 0 : Math.floor(row / rowsPerList)) * columns);
      lengths.push(columns);
    }
  }
  const { columns } = head;
  const inPlace = width === offsets.length * columns && offsets.every((offset, category) => offset === category * columns);
  return { sources, columns: width, perCategory: { count: head.rows, names: categoriesInMetadata(loaded.model.metadataProps, head.rows) }, arrangement: inPlace ? null : { offsets, lengths, columns } };
}

/** Nodes that make one float32 tensor `name` of the sources: pooled where that is due, and side by side where there are several. */
export function featureNodes(loaded: LoadedModel, sources: readonly FeatureSource[], name: string): NodeProto[] {
  const nodes: NodeProto[] = [];
  const add = (operator: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, bigint>> = {}): string => {
    nodes.push(nodeMessage({ operator, inputs, outputs: [output], attributes }));
    return output;
  };
  const several = sources.length > 1;
  const lists = sources.map(({ tensor, pooledBehind }, index) => {
    const own = (what: string): string => freeName(loaded, `${name}_${what}_${index}`);
    const pooled = pooledBehind ? add("GlobalAveragePool", [tensor], own("pooled")) : tensor;
    const float32 = add("Cast", [pooled], several ? own("float32") : name, { to: BigInt(elementType.float32) });
    return several ? add("Flatten", [float32], own("flat"), { axis: 1n }) : float32;
  });
  if (several) add("Concat", lists, name, { axis: 1n });
  return nodes;
}

/** count x width -> count x C x D. */
export function arrange(values: Float32Array, count: number, width: number, { offsets, lengths, columns }: Arrangement): Float32Array {
  const C = offsets.length;
  const arranged = new Float32Array(count * C * columns);
  for (let image = 0; image < count; image++)
    for (let c = 0; c < C; c++) {
      const from = image * width + offsets[c]!;
      arranged.set(values.subarray(from, from + lengths[c]!), (image * C + c) * columns);
    }
  return arranged;
}
