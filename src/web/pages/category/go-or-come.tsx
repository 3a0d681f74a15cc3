import { useState, type ReactNode } from "react";
import { Button, Dialog, Form, TextField, WhoMay } from "../../elements/index.ts";
import { useSession } from "../../services/session.tsx";
import { typed } from "../../services/typed.ts";
import { useCommon, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

interface GoOrComeProps {
  /** What the button says. */
  readonly what: string;
  readonly kind: "primary" | "stop";
  /** Programs are answered about the category: the change reaches them at once. */
  readonly live: boolean;
  readonly name: string;
  readonly busy: boolean;
  readonly onGo: (reason: { readonly reason?: string }) => void;
}

/** Takes a category away, or brings it back. Where it is live, that is a decision like going live: an approver's, with a reason. */
export function GoOrCome({ what, kind, live, name, busy, onGo }: GoOrComeProps): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const { may } = useSession();
  const [asked, ask] = useState(false);
  const role = live ? "approver" : "annotator";
  if (!may(role)) return <WhoMay role={role} />;
  const send = (given: FormData): void => {
    ask(false);
    onGo({ reason: typed(given, "reason") });
  };
  return (
    <>
      <Button kind={kind} busy={busy} onClick={() => (live ? ask(true) : onGo({}))}>
        {what}
      </Button>
      <Dialog open={asked} title={say("live", { name })} onClose={() => ask(false)}>
        <Form onSend={send}>
          <TextField label={say("reason")} name="reason" required maxLength={500} rows={2} />
          <div className="row">
            <Button kind={kind} type="submit">
              {what}
            </Button>
            <Button onClick={() => ask(false)}>{common("action.cancel")}</Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}
