import { useEffect, type ReactNode } from "react";
import { ButtonLink } from "./button.tsx";
import "./page.css";

/** What the browser calls this page: item, page, project; what is not known (yet) is left out. */
export function useTitle(...parts: readonly (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), "Catwise"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}

interface PageProps {
  /** The page's answer, or its question where the answer is the page itself. */
  readonly sentence: ReactNode;
  readonly more?: ReactNode;
  /** The one primary action. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** One page, one question, the answer first, one action beside it. */
export function Page({ sentence, more, action, children }: PageProps): ReactNode {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{sentence}</h1>
          {more !== undefined && <p className="answer">{more}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A page that has nothing to show yet: why, and the step that comes first. */
export function NothingYet({ sentence, step, href }: { readonly sentence: ReactNode; readonly step: ReactNode; readonly href: string }): ReactNode {
  return (
    <Page sentence={sentence}>
      <div className="row">
        <ButtonLink kind="primary" href={href}>
          {step}
        </ButtonLink>
      </div>
    </Page>
  );
}

export function Card({ children, labelledBy }: { readonly children: ReactNode; readonly labelledBy?: string }): ReactNode {
  return (
    <section className="card" aria-labelledby={labelledBy}>
      {children}
    </section>
  );
}
