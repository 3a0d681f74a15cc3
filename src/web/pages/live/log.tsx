import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Category, LogEntry, Version } from "../../../server/contract/index.ts";
import { Button, ErrorNote, Notice, Skeleton, Table } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useFormats, useSay, type Say } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";
import { words } from "./words.ts";

interface LogWindow {
  readonly count: number;
  readonly entries: readonly LogEntry[];
  readonly whole: boolean;
}
interface LogProps {
  readonly project: string;
  readonly versions: readonly Version[];
  readonly categories: readonly Category[];
  /** All of it, window by window; else the last few. */
  readonly whole?: boolean;
}
const lastFew = 5;
const known = ["version.made", "version.proposed", "version.approved", "version.sent-back", "version.live", "live.rolled-back", "project.made", "project.changed", "project.removed", "person.added", "person.changed", "person.first", "key.made", "key.revoked"] as const;

function actOf(say: Say<typeof en>, { action, details }: LogEntry): string {
  const act = known.find((one) => one === action);
  if (act === undefined) return say("act.other", { code: action });
  return act === "version.approved" && details["own"] === true ? say("act.version.approved.own") : say(`act.${act}`);
}

/** Who did what, when and why, the newest first. */
export function Log({ project, versions, categories, whole = false }: LogProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const log = useInfiniteQuery({
    queryKey: ["project", project, "log"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => api.get<LogWindow>(`/projects/${project}/log${pageParam === "" ? "" : `?before=${pageParam}`}`, signal),
    getNextPageParam: ({ entries }, all) => (all.reduce((sum, one) => sum + one.entries.length, 0) < (all[0]?.count ?? 0) ? entries.at(-1)?.id : undefined),
  });
  if (log.data === undefined) return log.error === null ? <Skeleton height={160} /> : <ErrorNote error={log.error} onRetry={() => void log.refetch()} />;
  const entries = log.data.pages.flatMap((one) => one.entries);
  const [first] = log.data.pages;
  const of = ({ version, category }: LogEntry): string => [version === null ? "" : say("log.version", { n: versions.find(({ id }) => id === version)?.number ?? Number(version) }), categories.find(({ id }) => id === category)?.name ?? ""].filter(Boolean).join(" · ");
  return (
    <>
      {first !== undefined && !first.whole ? (
        <Notice kind="stop" alert>
          <p>{say("log.broken")}</p>
        </Notice>
      ) : (
        <p className="small quiet">
          {say("log.whole")} · {say("log.count", { n: first?.count ?? 0 })}
        </p>
      )}
      <Table
        caption={say("log")}
        rows={whole ? entries : entries.slice(0, lastFew)}
        id={({ id }) => id}
        columns={[
          { key: "when", title: say("log.when"), cell: ({ at }) => <time dateTime={at}>{formats.dateTime(at)}</time> },
          { key: "who", title: say("log.who"), cell: ({ person }) => person ?? say("log.nobody") },
          {
            key: "what",
            title: say("log.what"),
            cell: (entry) => (
              <>
                {actOf(say, entry)} <span className="quiet">{of(entry)}</span>
              </>
            ),
          },
          { key: "why", title: say("log.why"), cell: ({ reason }) => reason },
        ]}
      />
      {whole
        ? log.hasNextPage && (
            <div>
              <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                {say("log.more")}
              </Button>
            </div>
          )
        : entries.length > lastFew && <Link href={`/p/${project}/live/log`}>{say("log.all")}</Link>}
    </>
  );
}
