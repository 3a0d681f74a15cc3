import { useQueries, useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { Category, Picture } from "../../../server/contract/index.ts";
import { ErrorNote } from "../../elements/index.ts";
import { api, imageAddress } from "../../services/api.ts";
import { useSay } from "../../services/words/index.ts";
import { Filters } from "./filters.tsx";
import { NotTaken } from "./not-taken.tsx";
import { useView, writeView, type View } from "./view.ts";
import { words } from "./words.ts";

interface Window {
  readonly count: number;
  readonly items: readonly Picture[];
}
const windowSize = 200;
/** Least width of a tile with the gap after it; they share what is left of the row. */
const tile = 152;
const gap = 8;
const padding = 8;
const rowHeight = 168;

/** Pictures, or the files that were not taken, as they are asked for. */
export function PictureList({ project, categories }: { readonly project: string; readonly categories: readonly Category[] }): ReactNode {
  const [view, change] = useView();
  return (
    <section className="stack">
      <Filters categories={categories} view={view} onChange={change} />
      {view.state === "broken" || view.state === "duplicate" ? <NotTaken key={view.state} project={project} kind={view.state} /> : <Tiles project={project} view={view} />}
    </section>
  );
}

/** As many as there are: only what is in view is drawn and asked for. */
function Tiles({ project, view }: { readonly project: string; readonly view: View }): ReactNode {
  const say = useSay(words);
  const asked = useDeferredValue(writeView(view));
  const [width, setWidth] = useState(4 * tile);
  const columns = Math.max(1, Math.floor(width / tile));
  const step = Math.max(tile, width / columns);
  const scroller = useRef<HTMLDivElement>(null);
  const ask = (at: number) => ({
    queryKey: ["project", project, "pictures", asked, at],
    queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Window>(`/projects/${project}/pictures?from=${String(at * windowSize)}&to=${String((at + 1) * windowSize)}${asked === "" ? "" : `&${asked}`}`, signal),
  });
  const first = useQuery({ ...ask(0), placeholderData: (former: Window | undefined) => former });
  const count = first.data?.count ?? 0;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth - 2 * padding + gap));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const rows = useVirtualizer({ count: Math.ceil(count / columns), getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 2 });
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [asked]);
  const visible = rows.getVirtualItems();
  const from = Math.floor(((visible[0]?.index ?? 0) * columns) / windowSize);
  const to = Math.floor(Math.max(0, Math.min(count - 1, ((visible.at(-1)?.index ?? 0) + 1) * columns)) / windowSize);
  const windows = useQueries({ queries: Array.from({ length: to - from + 1 }, (_, k) => ask(from + k)) });
  const item = (index: number): Picture | undefined => windows[Math.floor(index / windowSize) - from]?.data?.items[index % windowSize];
  return (
    <>
      <ErrorNote error={first.error} />
      {first.data !== undefined && asked !== "" && (
        <p role="status" className="figures">
          {count > 0 ? say("list.count", { n: count }) : view.q === "" ? say("list.none") : say("list.none.named", { q: view.q })}
        </p>
      )}
      {/* A box that scrolls is reached by the keyboard. */}
      <div ref={scroller} className="picture-scroller" tabIndex={0} role="region" aria-label={say("list")}>
        <ul style={{ blockSize: rows.getTotalSize() }}>
          {visible.flatMap((row) =>
            Array.from({ length: Math.min(columns, count - row.index * columns) }, (_, column) => {
              const picture = item(row.index * columns + column);
              return (
                <li key={row.index * columns + column} style={{ inlineSize: step - gap, transform: `translate(${String(column * step)}px, ${String(row.start)}px)` }}>
                  {picture !== undefined && (
                    <Link href={`/p/${project}/pictures/${picture.id}`}>
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
    </>
  );
}
