/** Says what a comparison found, in the language of the screen. The same sentences stand in Compare, Go live and the report. */
import { useMemo } from "react";
import type { ComparedCategory, Comparison } from "../../../server/contract/index.ts";
import { makeFormats } from "../words/formats.ts";
import { sayer, useLanguage, type Catalogue, type Language } from "../words/index.ts";
import { fewestOf100, of100, share, type Share } from "./rounding.ts";
import { gainSentence } from "./sentence.ts";
import { en } from "./words.en.ts";
import { ja } from "./words.ja.ts";

const words: Catalogue<typeof en> = { en, ja };
export type Verdict = ComparedCategory["verdict"];
const verdicts: readonly Verdict[] = ["better", "probably", "none", "worse", "few", "kept", "skipped"];

export interface Gains {
  readonly sentence: (one: ComparedCategory, name: string) => string;
  /** That people do not mean the same by the category; null where that is too little to matter. */
  readonly disagreement: (one: ComparedCategory, name: string) => string | null;
  readonly state: (verdict: Verdict) => string;
  /** "61 → 73", or raw counts where there are too few: "7 of 9, was 6". */
  readonly figures: (one: ComparedCategory) => string;
  readonly share: (of: Share) => string;
  /** "3 better, 1 probably better and 2 kept" */
  readonly counts: (all: readonly ComparedCategory[]) => string;
  /** What the comparison as a whole comes to, where no category speaks. */
  readonly whole: (comparison: Comparison) => string;
}

export function makeGains(language: Language): Gains {
  const say = sayer(words, language);
  const formats = makeFormats(language);
  const shared = (of: Share): string => (of.kind === "of" ? say("share.of", { n: of.n }) : say(`share.${of.kind}`));
  return {
    share: shared,
    state: (verdict) => say(`state.${verdict}`),
    sentence: (one, name) => {
      const { key, values } = gainSentence(one);
      const said: Record<string, string | number> = { c: name };
      for (const [place, value] of Object.entries(values)) said[place] = typeof value === "number" ? value : shared(value);
      // The sentence and its figures were made together.
      return say(key, said as Parameters<typeof say<typeof key>>[1]);
    },
    disagreement: ({ disagree }, name) => (disagree === null ? null : say("limit.disagree", { c: name, a: disagree.differ, n: disagree.several })),
    figures: ({ verdict, before, after }) => {
      if (after === null || after.of === 0) return "–";
      if (verdict === "few" || after.of < fewestOf100) return before === null ? say("figures.few.first", { a: after.found, n: after.of }) : say("figures.few", { a: after.found, n: after.of, b: before.found });
      const a = shared(share(of100(after) ?? 0));
      return before === null ? say("figures.first", { a }) : say("figures", { a, b: shared(share(of100(before) ?? 0)) });
    },
    counts: (all) =>
      formats.list(
        verdicts.flatMap((verdict) => {
          const n = all.filter((one) => one.verdict === verdict).length;
          return n === 0 ? [] : [say(`count.${verdict}`, { n })];
        }),
      ),
    whole: ({ leak, categories }) => {
      if (leak !== null) return say("leak");
      const of = (verdict: Verdict): number => categories.filter((one) => one.verdict === verdict).length;
      return say("nothing", { kept: of("kept"), skipped: of("skipped") });
    },
  };
}

export function useGains(): Gains {
  const { language } = useLanguage();
  return useMemo(() => makeGains(language), [language]);
}
