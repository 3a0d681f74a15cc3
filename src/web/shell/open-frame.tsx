import type { ReactNode } from "react";
import { LanguageSwitch } from "./language-switch.tsx";
import "./frame.css";

/** Around what is seen before signing in. */
export function OpenFrame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className="frame bare">
      <header className="top">
        <span className="brand">Catwise</span>
        <span className="fill" />
        <LanguageSwitch />
      </header>
      <main className="content open">{children}</main>
    </div>
  );
}
