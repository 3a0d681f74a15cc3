import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { ImportProblemWindow } from "../../../server/contract/index.ts";
import { Button, Loading, Table } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useFormats, useSay, useTell } from "../../services/words/index.ts";
import { words } from "./words.ts";

const windowSize = 200;

/** Files that no import took: they cannot be opened, or are copies of what is there. The newest first. */
export function NotTaken({ project, kind }: { readonly project: string; readonly kind: "broken" | "duplicate" }): ReactNode {
  const say = useSay(words);
  const tell = useTell();
  const formats = useFormats();
  const [from, setFrom] = useState(0);
  const found = useQuery({
    queryKey: ["project", project, "pictures", "not-taken", kind, from],
    queryFn: ({ signal }) => api.get<ImportProblemWindow>(`/projects/${project}/import-problems?kind=${kind}&from=${String(from)}`, signal),
    placeholderData: (former) => former,
  });
  if (found.data === undefined) return <Loading of={[found]} height={240} />;
  const { count, items } = found.data;
  if (count === 0) return <p role="status">{say(`not-taken.none.${kind}`)}</p>;
  return (
    <>
      <p role="status" className="figures">
        {say("not-taken.count", { first: from + 1, last: from + items.length, n: count })}
      </p>
      <Table
        caption={say(`show.${kind}`)}
        rows={items.map((item, at) => ({ item, place: String(from + at) }))}
        id={({ place }) => place}
        columns={[
          { key: "file", title: say("problems.file"), cell: ({ item }) => (item.picture === null ? item.name : <Link href={`/p/${project}/pictures/${item.picture}`}>{item.name}</Link>) },
          { key: "why", title: say("problems.why"), cell: ({ item }) => tell(item.code, item.params) },
          { key: "at", title: say("not-taken.at"), cell: ({ item }) => formats.dateTime(item.at) },
        ]}
      />
      <div className="row">
        {from > 0 && <Button onClick={() => setFrom(Math.max(0, from - windowSize))}>{say("not-taken.newer")}</Button>}
        {from + items.length < count && <Button onClick={() => setFrom(from + windowSize)}>{say("not-taken.older")}</Button>}
      </div>
    </>
  );
}
