import type { ReactNode } from "react";
import { ButtonLink, Page, useTitle } from "../elements/index.ts";
import { useCommon } from "../services/words/index.ts";

export function Missing(): ReactNode {
  const say = useCommon();
  useTitle(say("page.missing"));
  return (
    <Page sentence={say("page.missing")}>
      <div className="row">
        <ButtonLink kind="primary" href="/">
          {say("page.missing.home")}
        </ButtonLink>
      </div>
    </Page>
  );
}
