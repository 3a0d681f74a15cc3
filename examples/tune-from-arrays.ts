/**
 * Tune a head that is given as arrays, and see on images kept apart whether that helped.
 *
 *   npx node examples/tune-from-arrays.ts
 */
import { loadKernels } from "catwise/kernels";
import { assignParts, REPORT, type PartName } from "catwise/labels";
import { compareHeads, denseFeatures, pretrain, tune } from "catwise/learn";
import { makeUpData } from "./made-up-data.ts";

// 1. Features (N x D, row by row) and labels. Image i of the labels is row i of the features.
const [N, D] = [1500, 16];
const data = makeUpData(N, D, 0.2, 900);
const features = denseFeatures(data.features, N, D);

// 2. Three parts: heads are fitted on the first, strength and acceptance are decided on the second, the figures below come from the third.
const split = data.labels.imageIds.map((_, image): PartName => (image < 600 ? "fit" : image < 900 ? "selection" : "report"));
const parts = assignParts(data.labels, { split });

// 3. The head to be tuned. Yours comes from your network: { categories, columns: D, weight (C x D), bias (C) }.
//    Here it is trained the usual way, with unknown taken for "no".
const kernels = await loadKernels();
const { head: base } = await pretrain({ features, labels: data.labels, parts, strategy: "assume-negative", kernels });

// 4. Tune every category on its known labels, and on nothing else.
const options = { method: "auto", metric: "ap", fitOnly: false, strict: false, seed: 0 } as const;
const tuned = await tune({ features, labels: data.labels, parts, base, kernels, options });
for (const { name, status, reason } of tuned.categories) console.log(`${name}: ${status} (${reason.code})`);

// 5. Both heads on the report part, with a 95 % interval of the gain.
const { mean } = compareHeads({ features, labels: data.labels, parts, part: REPORT, kernels, before: base, after: tuned.head, seed: 0 });
const [low, high] = mean.ap.interval!;
console.log(`mean average precision: ${mean.ap.before.toFixed(3)} before, ${mean.ap.after.toFixed(3)} after; gain between ${low.toFixed(3)} and ${high.toFixed(3)}`);
kernels.dispose();
