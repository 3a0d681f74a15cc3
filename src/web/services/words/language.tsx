/** The language of the screen. It can be changed at any time: everything is drawn anew, and nothing else changes. */
import { createContext, use, useCallback, useLayoutEffect, useMemo, useState, type ReactNode } from "react";
import { makeFormats, type Formats } from "./formats.ts";
import { sayer, type Catalogue, type Language, type Say, type Sentences } from "./template.ts";

interface Spoken {
  readonly language: Language;
  readonly formats: Formats;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<Spoken | null>(null);
const kept = "catwise.language";

function firstLanguage(): Language {
  const last = localStorage.getItem(kept);
  if (last === "en" || last === "ja") return last;
  return navigator.language.toLowerCase().startsWith("ja") ? "ja" : "en";
}

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, change] = useState(firstLanguage);
  const setLanguage = useCallback((next: Language) => {
    localStorage.setItem(kept, next);
    change(next);
  }, []);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(() => ({ language, formats: makeFormats(language), setLanguage }), [language, setLanguage]);
  return <LanguageContext value={spoken}>{children}</LanguageContext>;
}

export function useLanguage(): Spoken {
  const spoken = use(LanguageContext);
  if (spoken === null) throw new Error("useLanguage was called outside of LanguageProvider");
  return spoken;
}

export function useFormats(): Formats {
  return useLanguage().formats;
}

/** Says the sentences of one page's catalogue in the language of the screen. */
export function useSay<E extends Sentences>(catalogue: Catalogue<E>): Say<E> {
  const { language } = useLanguage();
  return useMemo(() => sayer(catalogue, language), [catalogue, language]);
}
