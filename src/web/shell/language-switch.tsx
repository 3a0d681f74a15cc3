import type { ReactNode } from "react";
import { useSession } from "../services/session.tsx";
import { useCommon, useLanguage } from "../services/words/index.ts";

const languages = [
  { id: "en", name: "English" },
  { id: "ja", name: "日本語" },
] as const;

/** Two buttons, each named in its own language. The page, its scroll, what is chosen and what is unsent stay. */
export function LanguageSwitch(): ReactNode {
  const { language } = useLanguage();
  const { setPreferences } = useSession();
  const say = useCommon();
  return (
    <div role="group" aria-label={say("top.language")} className="languages">
      {languages.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          lang={id}
          aria-pressed={language === id}
          onClick={() => {
            // The screen has changed already; a server that is gone is told the next time.
            setPreferences({ language: id }).catch(() => undefined);
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
