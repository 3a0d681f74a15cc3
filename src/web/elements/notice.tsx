import type { ReactNode, Ref } from "react";
import { Gone, Refusal } from "../services/api.ts";
import { useCommon, useTell } from "../services/words/index.ts";
import { Button } from "./button.tsx";
import "./notice.css";

interface NoticeProps {
  readonly kind?: "plain" | "attention" | "stop" | "done";
  readonly alert?: boolean;
  /** Of one that the focus is sent to. */
  readonly ref?: Ref<HTMLDivElement>;
  readonly children: ReactNode;
}

/** Something to be read before going on. `alert` interrupts a screen reader: for what has just gone wrong. */
export function Notice({ kind = "plain", alert = false, ref, children }: NoticeProps): ReactNode {
  return (
    <div ref={ref} tabIndex={ref === undefined ? undefined : -1} className={`notice ${kind}`} role={alert ? "alert" : undefined}>
      {children}
    </div>
  );
}

/** What a failure is told as: a refusal by its code, anything else as a server that does not answer or an unknown one. */
export function useErrorText(): (error: unknown) => string {
  const tell = useTell();
  return (error) => {
    if (error instanceof Refusal) return tell(error.problem.code, { ...error.problem.params, ...(error.problem.retryAfter === undefined ? {} : { seconds: error.problem.retryAfter }) });
    return tell(error instanceof Gone ? "gone" : "unknown");
  };
}

/** What a person copies for whoever looks after Catwise. */
export function codeOf({ problem: { code, requestId } }: Refusal): string {
  return requestId === "" ? code : `${code} · ${requestId}`;
}

/** What happened, what was kept, what to do; then the code to copy. */
export function ErrorNote({ error, onRetry }: { readonly error: unknown; onRetry?: () => void }): ReactNode {
  const text = useErrorText();
  const say = useCommon();
  if (error === null || error === undefined) return null;
  const code = error instanceof Refusal ? codeOf(error) : null;
  return (
    <Notice kind="stop" alert>
      <p>{text(error)}</p>
      {code !== null && <code>{say("action.copyCode", { code })}</code>}
      {onRetry !== undefined && (
        <div className="row">
          <Button onClick={onRetry}>{say("action.retry")}</Button>
        </div>
      )}
    </Notice>
  );
}

/** The shape of what is coming, drawn only when it takes longer than 300 ms. */
export function Skeleton({ height = 120 }: { readonly height?: number }): ReactNode {
  const say = useCommon();
  return (
    <div className="skeleton" style={{ blockSize: height }} role="status">
      <span className="unseen">{say("page.loading")}</span>
    </div>
  );
}

const shapes = { done: "✓", started: "…", waiting: "▲", stop: "■", none: "–" } as const;
export type StatusKind = keyof typeof shapes;

/** A status by word and shape; colour only repeats it. */
export function Status({ kind, children }: { readonly kind: StatusKind; readonly children: ReactNode }): ReactNode {
  return (
    <span className={`status ${kind}`}>
      <span aria-hidden="true">{shapes[kind]}</span>
      <span>{children}</span>
    </span>
  );
}

/** What a query tells that others wait for. */
interface Query {
  readonly error: unknown;
  readonly refetch: () => Promise<unknown>;
}

/** In place of what waits for queries: its outline, or why one failed and a means to ask again. */
export function Loading({ of, height }: { readonly of: readonly Query[]; readonly height?: number }): ReactNode {
  const failed = of.find(({ error }) => error !== null);
  if (failed === undefined) return <Skeleton {...(height === undefined ? {} : { height })} />;
  return <ErrorNote error={failed.error} onRetry={() => void Promise.all(of.map(async (query) => query.refetch()))} />;
}
