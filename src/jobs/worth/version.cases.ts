/** A version and its comparison, for tests of what further answers are worth. */
import { FIT, REPORT, SELECTION, buildPartialLabels, type LabelCell, type Parts } from "../../labels/index.ts";
import { denseFeatures } from "../../learn/index.ts";
import { plainKernels, randomSource } from "../../math/index.ts";
import { compareVersions } from "../compare/compare.ts";
import { improve, type ImproveRequest } from "../improve/improve.ts";
import type { CurvesRequest } from "./curves.ts";

const [N, D] = [600, 6];

/** Pictures with normal features; a category is told by one of them; the last is answered for a few pictures only. */
function project(categories: readonly string[]): Pick<ImproveRequest, "labels" | "parts" | "features"> {
  const random = randomSource("curves");
  const data = Float32Array.from({ length: N * D }, () => random.normal());
  const cells: LabelCell[] = [];
  for (let image = 0; image < N; image++)
    for (let category = 0; category < 3; category++) if (category < 2 || image < 40) cells.push({ image, category, value: data[image * D + category] + random.normal() > 0.3 ? 1 : 0 });
  const labels = buildPartialLabels({ imageIds: Array.from({ length: N }, (_, at) => `p${String(at).padStart(5, "0")}`), categories, cells });
  const parts: Parts = { part: Uint8Array.from({ length: N }, (_, at) => (at % 5 < 3 ? FIT : at % 5 === 3 ? SELECTION : REPORT)), group: Uint32Array.from({ length: N }, (_, at) => at), origin: "hash-of-id" };
  return { labels, parts, features: denseFeatures(data, N, D) };
}

/** A version made from it, compared with having none. */
export async function version(names: readonly string[] = ["7", "8", "9"]): Promise<CurvesRequest> {
  const given = project(names);
  const kernels = plainKernels();
  const improved = await improve({ ...given, own: null, only: null, priority: [], seed: 0, kernels, checkpoint: () => undefined, more: () => true });
  const after = { head: improved.head, thresholds: improved.categories.map(({ threshold }) => threshold), usable: improved.categories.map(({ usable }) => usable) };
  const { categories } = compareVersions({ ...given, before: null, after, stories: improved.categories, kernels, seed: 0, priority: [], leak: null });
  return { ...given, kernels, seed: 0, runs: improved.runs, compared: categories, checkpoint: () => undefined };
}
