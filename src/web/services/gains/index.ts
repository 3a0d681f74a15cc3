export { down, fewestOf100, of100, outward, share, up } from "./rounding.ts";
export type { Share } from "./rounding.ts";
export { gainSentence, notBetter, seenGain } from "./sentence.ts";
export { useGains } from "./use-gains.ts";
export type { Gains } from "./use-gains.ts";
