/** Tells the reasons of the method; any other code as `useTell` does. */
import { useCallback } from "react";
import type { Told } from "../../../server/contract/index.ts";
import { useLanguage, useTell } from "../words/index.ts";
import { fill } from "../words/template.ts";
import { en } from "./codes.en.ts";
import { ja } from "./codes.ja.ts";

const codes: { readonly en: Readonly<Record<string, string | undefined>>; readonly ja: Readonly<Record<string, string | undefined>> } = { en, ja };

export function useReason(): (told: Told) => string {
  const { language, formats } = useLanguage();
  const tell = useTell();
  return useCallback(
    ({ code, params }) => {
      const sentence = codes[language][code];
      if (sentence === undefined) return tell(code, params);
      return fill(sentence, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === "number" ? value : String(value ?? "–")])), formats);
    },
    [language, formats, tell],
  );
}
