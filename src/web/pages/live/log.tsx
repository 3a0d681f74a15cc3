import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import type { Category, LogEntry, Person } from "../../../server/contract/index.ts";
import { Button, Loading, Notice, Select, Table } from "../../elements/index.ts";
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
  /** All of it, window by window; else the last few. */
  readonly whole?: boolean;
  /** Of one person, of one category; null: of any. */
  readonly who?: string | null;
  readonly category?: string | null;
}
const lastFew = 5;
const known = ["version.made", "version.proposed", "version.approved", "version.sent-back", "version.live", "version.threshold", "live.rolled-back", "project.made", "project.changed", "project.removed", "person.added", "person.changed", "person.first", "key.made", "key.revoked"] as const;

function actOf(say: Say<typeof en>, { action, details }: LogEntry): string {
  const act = known.find((one) => one === action);
  if (act === undefined) return say("act.other", { code: action });
  if (act === "version.threshold") return typeof details["to"] === "number" ? say("act.version.threshold.at", { n: Math.round(1000 * details["to"]) / 10 }) : say("act.version.threshold");
  return act === "version.approved" && details["own"] === true ? say("act.version.approved.own") : say(`act.${act}`);
}

const everything = "all";

/** The whole log, or that of one person or one category: which, stands in the address. */
export function WholeLog({ project, categories }: { readonly project: string; readonly categories: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const [search, setSearch] = useSearchParams();
  const people = useQuery({ queryKey: ["people"], queryFn: ({ signal }) => api.get<readonly Person[]>("/people", signal) });
  const of = (name: "who" | "category"): string | null => (/^[1-9]\d*$/.test(search.get(name) ?? "") ? search.get(name) : null);
  const change = (name: "who" | "category", to: string): void =>
    setSearch((former) => {
      if (to === everything) former.delete(name);
      else former.set(name, to);
      return former;
    });
  const [who, category] = [of("who"), of("category")];
  return (
    <>
      <div className="row">
        <Select label={say("log.who")} value={who ?? everything} onChange={(to) => change("who", to)} options={[{ value: everything, label: say("log.everybody") }, ...(people.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
        <Select label={say("log.category")} value={category ?? everything} onChange={(to) => change("category", to)} options={[{ value: everything, label: say("log.everything") }, ...categories.map(({ id, name }) => ({ value: id, label: name }))]} />
      </div>
      <Log project={project} whole who={who} category={category} />
    </>
  );
}

/** Who did what, when and why, the newest first. */
export function Log({ project, whole = false, who = null, category: only = null }: LogProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const log = useInfiniteQuery({
    queryKey: ["project", project, "log", who, only],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(Object.entries({ before: pageParam, who, category: only }).flatMap(([name, value]) => (value === null || value === "" ? [] : [[name, value]])));
      return api.get<LogWindow>(`/projects/${project}/log${asked.size === 0 ? "" : `?${asked.toString()}`}`, signal);
    },
    getNextPageParam: ({ entries }, all) => (all.reduce((sum, one) => sum + one.entries.length, 0) < (all[0]?.count ?? 0) ? entries.at(-1)?.id : undefined),
  });
  if (log.data === undefined) return <Loading of={[log]} height={160} />;
  const entries = log.data.pages.flatMap((one) => one.entries);
  const [first] = log.data.pages;
  const of = ({ version, versionNumber, categoryName }: LogEntry): string => [version === null ? "" : say("log.version", { n: versionNumber ?? Number(version) }), categoryName ?? ""].filter(Boolean).join(" · ");
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
