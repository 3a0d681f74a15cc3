/** What the server tells by a code with values, in the words of the screen. */
import { useCallback } from "react";
import { en } from "./codes.en.ts";
import { ja } from "./codes.ja.ts";
import { useLanguage } from "./language.tsx";
import { fill, type Value } from "./template.ts";

const codes: { readonly en: Readonly<Record<string, string | undefined>>; readonly ja: Readonly<Record<string, string | undefined>> } = { en, ja };
type Params = Readonly<Record<string, Value | boolean | null>>;

/** Tells a code. One without a sentence is told by the server's own (English) words where the screen is English, else as `unknown`; ErrorNote shows the code beside it. */
export function useTell(): (code: string, params?: Params) => string {
  const { language, formats } = useLanguage();
  return useCallback(
    (code, params = {}) => {
      const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === "number" ? value : String(value ?? "–")]));
      const sentence = codes[language][code];
      if (sentence === undefined && language === "en" && typeof params["message"] === "string") return params["message"];
      return fill(sentence ?? codes[language]["unknown"] ?? code, values, formats);
    },
    [language, formats],
  );
}

export function useTold(code: string, params?: Params): string {
  return useTell()(code, params);
}
