import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Model } from "../../../server/contract/index.ts";
import { Button, Form, Status } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { useSay } from "../../services/words/index.ts";
import { PreparationFields, statedFields, type Stated } from "./preparation-fields.tsx";
import { words } from "./words.ts";

type Prepared = NonNullable<Model["preprocessing"]>;

/** How a picture becomes the numbers the network reads, where that is known from, and a form to state it: a model that is fed otherwise than it was trained answers badly, and nothing else would show why. */
export function Preparation({ project, model: { id, preprocessing } }: { readonly project: string; readonly model: Model }): ReactNode {
  const say = useSay(words);
  const { may } = useSession();
  const [stating, state] = useState(false);
  if (preprocessing === null) return null;
  const { width, height, resize, values: numbers, channelOrder, origin } = preprocessing;
  const assumed = origin === "assumed-imagenet";
  return (
    <div className="stack">
      <h4>{say("prepared")}</h4>
      <p>{[say("prepared.size", { width, height }), say(`resize.${resize}`), numbers === null ? say("values.own") : say(`values.${numbers}`), say(`order.${channelOrder}`)].join(" · ")}</p>
      <Status kind={assumed ? "waiting" : "done"}>{say(`origin.${origin}`)}</Status>
      {stating ? (
        <State project={project} model={id} preparation={preprocessing} onDone={() => state(false)} />
      ) : (
        may("annotator") && (
          <div>
            <Button onClick={() => state(true)}>{say("prepared.state")}</Button>
          </div>
        )
      )}
    </div>
  );
}

function State({ project, model, preparation, onDone }: { readonly project: string; readonly model: string; readonly preparation: Prepared; readonly onDone: () => void }): ReactNode {
  const say = useSay(words);
  const client = useQueryClient();
  const { resize, values, channelOrder } = preparation;
  const [stated, restate] = useState<Stated>({ resize, values, channelOrder });
  const keep = useMutation({
    mutationFn: () => api.patch<Model>(`/projects/${project}/models/${model}`, { preprocessing: statedFields(stated) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project, "models"] });
      onDone();
    },
  });
  return (
    <Form error={keep.error} busy={keep.isPending} onSend={() => keep.mutate()}>
      <PreparationFields stated={stated} onChange={restate} none={values === null ? { values: say("values.own") } : {}} />
      <p className="quiet">{say("prepared.anew")}</p>
      <div className="row">
        <Button type="submit" busy={keep.isPending}>
          {say("prepared.keep")}
        </Button>
        <Button kind="bare" onClick={onDone}>
          {say("prepared.leave")}
        </Button>
      </div>
    </Form>
  );
}
