import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { useOutbox } from "../../services/outbox/index.ts";
import { useSession } from "../../services/session.tsx";
import { Answering, type AnsweringState } from "./answering.ts";

const AnsweringContext = createContext<Answering | null>(null);

/** What is answered on one visit of the grid or the sheet. */
export function AnsweringProvider({ project, children }: { readonly project: string; readonly children: ReactNode }): ReactNode {
  const outbox = useOutbox();
  const client = useQueryClient();
  const { may } = useSession();
  const [answering] = useState(
    () =>
      new Answering(
        project,
        outbox,
        () => {
          void client.invalidateQueries({ queryKey: ["project", project, "last-acts"] });
        },
        may("annotator"),
      ),
  );
  useEffect(() => {
    answering.look();
    return outbox.subscribe(answering.look);
  }, [answering, outbox]);
  return <AnsweringContext value={answering}>{children}</AnsweringContext>;
}

export function useAnswering(): { readonly answering: Answering; readonly state: AnsweringState } {
  const answering = use(AnsweringContext);
  if (answering === null) throw new Error("useAnswering was called outside of AnsweringProvider");
  const state = useSyncExternalStore(answering.subscribe, answering.state);
  return useMemo(() => ({ answering, state }), [answering, state]);
}
