/**
 * The method: pretraining a head by a pseudo-label strategy (stage 1), tuning it category by category on known labels
 * (stage 2), and judging both. Pure functions of features and labels; runs unchanged in a browser.
 */
export type * from "./types.ts";
