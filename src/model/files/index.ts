export { removeTemporaryFiles, writeFileAtomically, writePartsAtomically } from "./atomic.ts";
export { readFeatures, writeFeatures } from "./features-file.ts";
export type { FeatureRows, FeaturesFile, OwnFeatures } from "./features-file.ts";
export { readHead, writeHead } from "./head-file.ts";
export type { StoredHead } from "./head-file.ts";
export { readNpy } from "./npy.ts";
export type { NumberArray } from "./npy.ts";
export { describeReadFailure, sha256OfFile } from "./open-file.ts";
