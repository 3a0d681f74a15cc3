import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Version } from "../../../server/contract/index.ts";
import { Button, ButtonLink, Dialog, Form, TextField, WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useCommon, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

type Step = "propose" | "send-back";

/** A candidate, and one that was sent back, is proposed with a reason; a candidate nobody wants is set aside with one. Any other version says what became of it. */
export function Propose({ project, version }: { readonly project: string; readonly version: Version }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const client = useQueryClient();
  const { may } = useSession();
  const [asking, ask] = useState<Step | null>(null);
  const decide = useMutation({
    mutationFn: ({ step, reason }: { readonly step: Step; readonly reason: string }) => api.post<Version>(`/projects/${project}/versions/${version.id}/${step}`, { reason }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project] });
      ask(null);
    },
  });
  const { state, number: n } = version;
  const open = state === "candidate" || state === "sent-back";
  const what = asking === "send-back" ? say("aside") : say("propose");
  return (
    <div className="stack">
      {state !== "candidate" && <p role="status">{state === "proposed" ? say("proposed", { n }) : say("decided", { n, state: say(`state.${state}`) })}</p>}
      {!open && <ButtonLink href={`/p/${project}/live`}>{say("go.live")}</ButtonLink>}
      {open && !may("annotator") && <WhoMay role="annotator" />}
      {open && may("annotator") && (
        <div className="row">
          <Button kind="primary" onClick={() => ask("propose")}>
            {say("propose")}
          </Button>
          {state === "candidate" && may("approver") && <Button onClick={() => ask("send-back")}>{say("aside")}</Button>}
        </div>
      )}
      {state === "candidate" && may("annotator") && !may("approver") && (
        <div className="small">
          <span className="quiet">{say("aside.who")}</span>
          <WhoMay role="approver" />
        </div>
      )}
      <Dialog open={asking !== null} title={say(asking === "send-back" ? "aside.go" : "reason.go", { n })} onClose={() => ask(null)}>
        <Form error={decide.error} busy={decide.isPending} onSend={(given) => decide.mutate({ step: asking ?? "propose", reason: typed(given, "reason") })}>
          <TextField label={say("reason")} name="reason" required maxLength={500} rows={3} />
          <div className="row">
            <Button kind="primary" type="submit" busy={decide.isPending}>
              {what}
            </Button>
            <Button onClick={() => ask(null)}>{common("action.cancel")}</Button>
          </div>
        </Form>
      </Dialog>
    </div>
  );
}
