/** What is live, as a predictor needs it: plain data that can be sent to its thread. */
import type { Familiarity } from "../engine/familiar.ts";
import type { NetworkChoice } from "../engine/networks.ts";
import type { Told } from "../told.ts";
import { sigmoid } from "../../math/index.ts";
import { rightOf100, type RightTable } from "./right.ts";

/** One category's head, and how its answers were when they were checked. */
export interface LiveCategory {
  readonly category: string;
  readonly name: string;
  /** The version's number. */
  readonly version: number;
  /** (D) and the bias: s = weight . features + bias. */
  readonly weight: Float32Array;
  readonly bias: number;
  /** Yes where the logit is at least this. */
  readonly threshold: number;
  /** Whether people chose it, in place of the one the version was made with. */
  readonly thresholdChosen: boolean;
  /** The same as it is told: a probability. */
  readonly toldThreshold: number;
  readonly right: RightTable;
}

/** Heads that read the features of one network. */
export interface LiveNetwork {
  readonly network: NetworkChoice;
  readonly categories: readonly LiveCategory[];
  /** What its pictures usually look like; null where too few were labelled to say. */
  readonly familiarity: Familiarity | null;
}

/** Everything that is live in a project. Categories may come from different versions, and those from different networks. */
export interface LiveSet {
  /** The newest version among them. */
  readonly version: number;
  readonly networks: readonly LiveNetwork[];
}

/** What is said of one picture. */
export interface PredictedPicture {
  readonly version: number;
  /** false: unlike the labelled pictures, so that nothing below is to be relied on; null: too few were labelled to say. */
  readonly familiar: boolean | null;
  /** Why nothing could be said. */
  readonly problem: Told | null;
  readonly categories: readonly {
    readonly category: string;
    readonly name: string;
    readonly version: number;
    readonly answer: boolean;
    readonly probability: number;
    /** The probability from which on the answer is yes. */
    readonly threshold: number;
    readonly thresholdChosen: boolean;
    readonly rightOf100: number | null;
    readonly reason: Told | null;
  }[];
}

/** The answer of one category from a picture's features (D). */
export function answerOf({ category, name, version, weight, bias, threshold, thresholdChosen, toldThreshold, right }: LiveCategory, features: Float32Array): PredictedPicture["categories"][number] {
  let logit = bias;
  for (let j = 0; j < weight.length; j++) logit += weight[j]! * features[j]!;
  const probability = sigmoid(logit);
  const answer = logit >= threshold;
  const { value, reason } = rightOf100(right, answer, probability);
  return { category, name, version, answer, probability, threshold: toldThreshold, thresholdChosen, rightOf100: value, reason };
}
