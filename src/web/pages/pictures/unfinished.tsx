import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Job } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Notice } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSay, useTell } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** A job that failed, was stopped, or ended with the computer: why, and that it can go on where it was. */
export function Unfinished({ project, job: { id, problem } }: { readonly project: string; readonly job: Job }): ReactNode {
  const say = useSay(words);
  const tell = useTell();
  const client = useQueryClient();
  const goOn = useMutation({ mutationFn: () => api.post<Job>(`/jobs/${id}/continue`), onSettled: () => client.invalidateQueries({ queryKey: ["project", project, "jobs"] }) });
  return (
    <Notice kind="stop" alert>
      <p>{problem === null ? say("unfinished") : tell(problem.code, problem.params)}</p>
      {problem !== null && typeof problem.params["detail"] === "string" && (
        <details>
          <summary>{say("unfinished.detail")}</summary>
          <code>{`${problem.code}: ${problem.params["detail"]}`}</code>
        </details>
      )}
      <ErrorNote error={goOn.error} />
      <Button busy={goOn.isPending} onClick={() => goOn.mutate()}>
        {say("unfinished.continue")}
      </Button>
    </Notice>
  );
}
