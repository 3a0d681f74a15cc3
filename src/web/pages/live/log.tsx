import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import type { Category, LogEntry, Person } from "../../../server/contract/index.ts";
import { ButtonLink, Loading, Notice, Select, Table } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useFormats, useSay, type Say } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";
import { words } from "./words.ts";

interface LogWindow {
  readonly count: number;
  readonly entries: readonly LogEntry[];
  readonly earlier: boolean;
  readonly whole: boolean;
}
interface LogProps {
  readonly project: string;
  /** Of one person, of one category; null: of any. */
  readonly who?: string | null;
  readonly category?: string | null;
  /** Those before this entry; null: the newest. */
  readonly before?: string | null;
  /** Only the newest few, with a link to all. */
  readonly few?: boolean;
  /** The address that shows those before an entry; null: the newest. */
  readonly addressOf?: (before: string | null) => string;
}
const lastFew = 5;
const known = ["version.made", "version.proposed", "version.approved", "version.sent-back", "version.live", "version.threshold", "version.taken-back", "live.rolled-back", "comparison.read", "category.renamed", "category.removed", "category.restored", "project.made", "project.changed", "project.removed", "person.added", "person.changed", "person.first", "key.made", "key.revoked"] as const;

function actOf(say: Say<typeof en>, { action, details }: LogEntry): string {
  const act = known.find((one) => one === action);
  if (act === undefined) return say("act.other", { code: action });
  if (act === "version.threshold") return typeof details["to"] === "number" ? say("act.version.threshold.at", { n: Math.round(1000 * details["to"]) / 10 }) : say("act.version.threshold");
  if (act === "category.renamed") return say("act.category.renamed", { from: String(details["from"]), to: String(details["to"]) });
  if (act === "live.rolled-back" && details["from"] === null) return say("act.live.brought-back");
  return act === "version.approved" && details["own"] === true ? say("act.version.approved.own") : say(`act.${act}`);
}

const everything = "all";

/** The whole log, or that of one person or one category, from the newest entry or an earlier one on: which, stands in the address. */
export function WholeLog({ project, categories }: { readonly project: string; readonly categories: readonly Category[] }): ReactNode {
  const say = useSay(words);
  const [search, setSearch] = useSearchParams();
  const people = useQuery({ queryKey: ["people"], queryFn: ({ signal }) => api.get<readonly Person[]>("/people", signal) });
  const of = (name: "who" | "category" | "before"): string | null => (/^[1-9]\d*$/.test(search.get(name) ?? "") ? search.get(name) : null);
  const change = (name: "who" | "category", to: string): void =>
    setSearch((former) => {
      if (to === everything) former.delete(name);
      else former.set(name, to);
      // What came before an entry of another list says nothing in this one.
      former.delete("before");
      return former;
    });
  const [who, category] = [of("who"), of("category")];
  const addressOf = (before: string | null): string => {
    const asked = new URLSearchParams(search);
    if (before === null) asked.delete("before");
    else asked.set("before", before);
    return `/p/${project}/live/log${asked.size === 0 ? "" : `?${asked.toString()}`}`;
  };
  return (
    <>
      <div className="row">
        <Select label={say("log.who")} value={who ?? everything} onChange={(to) => change("who", to)} options={[{ value: everything, label: say("log.everybody") }, ...(people.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
        <Select label={say("log.category")} value={category ?? everything} onChange={(to) => change("category", to)} options={[{ value: everything, label: say("log.everything") }, ...categories.map(({ id, name }) => ({ value: id, label: name }))]} />
      </div>
      <Log project={project} who={who} category={category} before={of("before")} addressOf={addressOf} />
    </>
  );
}

/** Who did what, when and why, the newest first. */
export function Log({ project, who = null, category: only = null, before = null, few = false, addressOf }: LogProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const log = useQuery({
    queryKey: ["project", project, "log", who, only, before],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams(Object.entries({ before, who, category: only }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
      return api.get<LogWindow>(`/projects/${project}/log${asked.size === 0 ? "" : `?${asked.toString()}`}`, signal);
    },
    placeholderData: (former) => former,
  });
  // Another part of it is read from its top.
  const top = useRef<HTMLParagraphElement>(null);
  const shown = useRef(before);
  useEffect(() => {
    if (shown.current !== before) top.current?.focus();
    shown.current = before;
  }, [before]);
  if (log.data === undefined) return <Loading of={[log]} height={160} />;
  const { entries, earlier, count, whole } = log.data;
  const last = entries.at(-1);
  const of = ({ version, versionNumber, categoryName }: LogEntry): string => [version === null ? "" : say("log.version", { n: versionNumber ?? Number(version) }), categoryName ?? ""].filter(Boolean).join(" · ");
  return (
    <>
      {!whole ? (
        <Notice kind="stop" alert>
          <p>{say("log.broken")}</p>
        </Notice>
      ) : (
        <p ref={top} tabIndex={-1} className="small quiet">
          {say("log.whole")} · {say("log.count", { n: count })}
        </p>
      )}
      <Table
        caption={say("log")}
        rows={few ? entries.slice(0, lastFew) : entries}
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
      {few && entries.length > lastFew && <Link href={`/p/${project}/live/log`}>{say("log.all")}</Link>}
      {addressOf !== undefined && (
        <div className="row">
          {before !== null && <ButtonLink href={addressOf(null)}>{say("log.newest")}</ButtonLink>}
          {earlier && last !== undefined && <ButtonLink href={addressOf(last.id)}>{say("log.more")}</ButtonLink>}
        </div>
      )}
    </>
  );
}
