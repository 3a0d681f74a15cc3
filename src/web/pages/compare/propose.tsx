import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Version } from "../../../server/contract/index.ts";
import { Button, ButtonLink, Dialog, Form, TextField } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { typed } from "../../services/typed.ts";
import { useCommon, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** A candidate is proposed with a reason; any other version says what became of it. */
export function Propose({ project, version }: { readonly project: string; readonly version: Version }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const propose = useMutation({
    mutationFn: (reason: string) => api.post<Version>(`/projects/${project}/versions/${version.id}/propose`, { reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project] });
      ask(false);
    },
  });
  if (version.state !== "candidate")
    return (
      <div className="stack">
        <p role="status">{version.state === "proposed" ? say("proposed", { n: version.number }) : say("decided", { n: version.number, state: say(`state.${version.state}`) })}</p>
        <ButtonLink href={`/p/${project}/live`}>{say("go.live")}</ButtonLink>
      </div>
    );
  return (
    <>
      <Button kind="primary" onClick={() => ask(true)}>
        {say("propose")}
      </Button>
      <Dialog open={asking} title={say("reason.go", { n: version.number })} onClose={() => ask(false)}>
        <Form error={propose.error} busy={propose.isPending} onSend={(given) => propose.mutate(typed(given, "reason"))}>
          <TextField label={say("reason")} name="reason" required maxLength={500} rows={3} />
          <div className="row">
            <Button kind="primary" type="submit" busy={propose.isPending}>
              {say("propose")}
            </Button>
            <Button onClick={() => ask(false)}>{common("action.cancel")}</Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
