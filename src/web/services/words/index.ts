import { en } from "./common.en.ts";
import { ja } from "./common.ja.ts";
import { useSay } from "./language.tsx";
import type { Catalogue, Say } from "./template.ts";

export { LanguageProvider, useFormats, useLanguage, useSay } from "./language.tsx";
export { sayer } from "./template.ts";
export type { Catalogue, Language, Say, Sentences, Translated, Value } from "./template.ts";
export type { Formats } from "./formats.ts";
export { useTold, useTell } from "./told.tsx";

export const common: Catalogue<typeof en> = { en, ja };
export type Common = Say<typeof en>;
export function useCommon(): Common {
  return useSay(common);
}
