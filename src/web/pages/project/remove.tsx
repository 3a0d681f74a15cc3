import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import type { Project } from "../../../server/contract/index.ts";
import { Button, Dialog, ErrorNote, Field } from "../../elements/index.ts";
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
  const [wrong, setWrong] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/projects/${id}`),
    onSuccess: async () => {
      go("/projects");
      client.removeQueries({ queryKey: ["project", id] });
      await client.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    // As names are compared everywhere: whatever width they were typed in.
    const same = typed(new FormData(event.currentTarget), "name").normalize("NFKC").trim() === name.normalize("NFKC").trim();
    setWrong(!same);
    if (same && !remove.isPending) remove.mutate();
  };
  const close = (): void => {
    ask(false);
    setWrong(false);
  };
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
        <form className="stack" onSubmit={submit}>
          <ErrorNote error={remove.error} />
          <Field label={say("remove.type")} name="name" required autoComplete="off" error={wrong ? say("remove.wrong", { name }) : undefined} />
          <div>
            <Button kind="stop" type="submit" busy={remove.isPending}>
              {say("remove")}
            </Button>
          </div>
        </form>
      </Dialog>
    </section>
  );
}
