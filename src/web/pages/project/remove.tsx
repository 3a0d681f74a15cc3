import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import type { Project } from "../../../server/contract/index.ts";
import { Button, Dialog, Field, Form } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { typed } from "../../services/typed.ts";
import { useCommon, useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

/** The one thing here that cannot be undone: asked again, with the name typed, and the harmless way out first. */
export function Remove({ project: { id, name, pictures, cells } }: { readonly project: Project }): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const client = useQueryClient();
  const [, go] = useLocation();
  const [asking, ask] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/projects/${id}`),
    onSuccess: async () => {
      go("/projects");
      client.removeQueries({ queryKey: ["project", id] });
      await client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  // As names are compared everywhere: whatever width they were typed in.
  const check = (given: FormData) => ({ name: typed(given, "name").normalize("NFKC").trim() === name.normalize("NFKC").trim() ? undefined : say("remove.wrong", { name }) });
  const close = (): void => ask(false);
  return (
    <section className="stack">
      <p className="quiet">{say("remove.hint")}</p>
      <div>
        <Button kind="stop" onClick={() => ask(true)}>
          {say("remove")}
        </Button>
      </div>
      <Dialog open={asking} title={say("remove.title", { name, pictures, answers: cells.answered })} onClose={close}>
        <div>
          <Button onClick={close}>{common("action.cancel")}</Button>
        </div>
        <Form error={remove.error} busy={remove.isPending} check={check} onSend={() => remove.mutate()}>
          <Field label={say("remove.type")} name="name" required autoComplete="off" />
          <div>
            <Button kind="stop" type="submit" busy={remove.isPending}>
              {say("remove")}
            </Button>
          </div>
        </Form>
      </Dialog>
    </section>
  );
}
