import { useQueries, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import type { Picture } from "../../../server/contract/index.ts";
import { ErrorNote, Field } from "../../elements/index.ts";
import { api, imageAddress } from "../../services/api.ts";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

interface Window {
  readonly count: number;
  readonly items: readonly Picture[];
}
const windowSize = 200;
const tile = 152;
const rowHeight = 168;

/** All pictures, as many as there are: only what is in view is drawn and asked for. */
export function PictureList({ project }: { readonly project: string }): ReactNode {
  const say = useSay(words);
  const [search, setSearch] = useSearchParams();
  const q = useDeferredValue(search.get("q") ?? "");
  const [columns, setColumns] = useState(4);
  const scroller = useRef<HTMLDivElement>(null);
  const ask = (at: number) => ({
    queryKey: ["project", project, "pictures", q, at],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Window>(`/projects/${project}/pictures?from=${String(at * windowSize)}&to=${String((at + 1) * windowSize)}${q === "" ? "" : `&q=${encodeURIComponent(q)}`}`, signal),
  });
  const first = useQuery({ ...ask(0), placeholderData: (former: Window | undefined) => former });
  const count = first.data?.count ?? 0;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => setColumns(Math.max(1, Math.floor(element.clientWidth / tile))));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const rows = useVirtualizer({ count: Math.ceil(count / columns), getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 2 });
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [q]);
  const visible = rows.getVirtualItems();
  const from = Math.floor(((visible[0]?.index ?? 0) * columns) / windowSize);
  const to = Math.floor(Math.max(0, Math.min(count - 1, ((visible.at(-1)?.index ?? 0) + 1) * columns)) / windowSize);
  const windows = useQueries({ queries: Array.from({ length: to - from + 1 }, (_, k) => ask(from + k)) });
  const item = (index: number): Picture | undefined => windows[Math.floor(index / windowSize) - from]?.data?.items[index % windowSize];
  return (
    <section className="stack">
      <Field
        label={say("search")}
        type="search"
        value={search.get("q") ?? ""}
        onChange={(event) => {
          const typed = event.target.value;
          setSearch(
            (former) => {
              if (typed === "") former.delete("q");
              else former.set("q", typed);
              return former;
            },
            { replace: true },
          );
        }}
      />
      <ErrorNote error={first.error} />
      {first.data !== undefined && count === 0 && q !== "" && <p role="status">{say("list.none", { q })}</p>}
      {/* A box that scrolls is reached by the keyboard. */}
      <div ref={scroller} className="picture-scroller" tabIndex={0} role="region" aria-label={say("list")}>
        <ul style={{ blockSize: rows.getTotalSize() }}>
          {visible.flatMap((row) =>
            Array.from({ length: Math.min(columns, count - row.index * columns) }, (_, column) => {
              const picture = item(row.index * columns + column);
              return (
                <li key={row.index * columns + column} style={{ transform: `translate(${String(column * tile)}px, ${String(row.start)}px)` }}>
                  {picture !== undefined && (
                    <Link href={`/p/${project}/label/picture/${picture.id}`}>
                      <img src={imageAddress(picture.id, 256)} alt="" decoding="async" />
                      <span>{picture.name}</span>
                    </Link>
                  )}
                </li>
              );
            }),
          )}
        </ul>
      </div>
    </section>
  );
}
