import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Predicted } from "../../../server/contract/index.ts";
import { Button, DropArea, ErrorNote, Notice, Status, Table } from "../../elements/index.ts";
import { useReason } from "../../services/reasons/index.ts";
import { api } from "../../services/api.ts";
import { useSay } from "../../services/words/index.ts";
import { percentOf, tenthsOfPercent } from "./percent.ts";
import { words } from "./words.ts";

/** More at a time would be a batch. */
const most = 20;

interface Asked {
  readonly said: Predicted;
  readonly address: string | null;
}

/** Drop pictures; each comes back with its answers, how often such answers are right, and whether it is like those that were labelled. */
export function Asking({ project }: { readonly project: string }): ReactNode {
  const say = useSay(words);
  const input = useRef<HTMLInputElement>(null);
  const [tooMany, setTooMany] = useState(false);
  const ask = useMutation({
    mutationFn: async (files: readonly File[]): Promise<readonly Asked[]> => {
      const form = new FormData();
      for (const file of files) form.append("files", file, file.name);
      const { pictures } = await api.post<{ readonly pictures: readonly Predicted[] }>(`/predict?project=${project}`, form);
      return pictures.map((said, at) => ({ said, address: said.problem === null && files[at] !== undefined ? URL.createObjectURL(files[at]) : null }));
    },
  });
  const { data } = ask;
  useEffect(
    () => () => {
      for (const { address } of data ?? []) if (address !== null) URL.revokeObjectURL(address);
    },
    [data],
  );
  const take = (files: FileList | null): void => {
    const list = [...(files ?? [])];
    setTooMany(list.length > most);
    if (list.length > 0 && list.length <= most && !ask.isPending) ask.mutate(list);
  };
  return (
    <section className="stack">
      <DropArea className="use-drop" onDrop={({ files }) => take(files)}>
        <p className="sentence">{say("drop")}</p>
        <Button kind="primary" busy={ask.isPending} onClick={() => input.current?.click()}>
          {say("drop.choose")}
        </Button>
        <p className="small quiet">{say("drop.hint", { n: most })}</p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept="image/*"
          aria-label={say("drop.choose")}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </DropArea>
      {tooMany && (
        <Notice kind="attention" alert>
          <p>{say("drop.many", { n: most })}</p>
        </Notice>
      )}
      <ErrorNote error={ask.error} />
      <p role="status" className="quiet">
        {ask.isPending ? say("asking", { n: ask.variables.length }) : data?.[0] === undefined ? "" : say("version", { n: data[0].said.version })}
      </p>
      {data?.map((one, at) => <Answered key={one.address ?? at} asked={one} />)}
    </section>
  );
}

function Answered({ asked: { said, address } }: { readonly asked: Asked }): ReactNode {
  const say = useSay(words);
  const reason = useReason();
  const { name, familiar, problem, categories } = said;
  const percent = (probability: number): string => {
    const of = percentOf(probability);
    return of.kind === "of" ? say("percent", { n: of.n }) : say(`percent.${of.kind}`);
  };
  return (
    <article className="answered" aria-label={name ?? undefined}>
      {address !== null && <img src={address} alt={name ?? ""} />}
      <div className="stack">
        <div className="row spread">
          <strong>{name}</strong>
          {problem === null && <Status kind={familiar === null ? "none" : familiar ? "done" : "waiting"}>{say(`familiar.${familiar === null ? "null" : familiar ? "true" : "false"}`)}</Status>}
        </div>
        {problem === null ? (
          <Table
            caption={name ?? say("answer")}
            rows={categories}
            id={({ category }) => category}
            columns={[
              { key: "name", title: say("category"), cell: (one) => one.name },
              { key: "answer", title: say("answer"), cell: ({ answer }) => <strong>{say(answer ? "yes" : "no")}</strong> },
              {
                key: "says",
                title: say("says"),
                cell: ({ probability, threshold, thresholdChosen }) => (
                  <>
                    {percent(probability)}
                    <p className="small quiet">{say(thresholdChosen ? "line.chosen" : "line", { n: tenthsOfPercent(threshold) })}</p>
                  </>
                ),
              },
              { key: "right", title: say("right"), cell: ({ rightOf100, reason: why }) => (rightOf100 === null ? <span className="quiet">{why === null ? say("right.none") : reason(why)}</span> : say("right.of", { n: rightOf100 })) },
            ]}
          />
        ) : (
          <Status kind="stop">{reason(problem)}</Status>
        )}
      </div>
    </article>
  );
}
