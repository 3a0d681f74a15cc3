/** The stream of the server's news: what it says, and when it has fallen silent. Runs in a shared worker, or in the one tab that leads. */
import type { ServerEvent } from "../../server/contract/index.ts";

export const silentAfter = 40_000;
export const kinds = ["job", "category", "answers", "version", "log", "pictures", "stopping", "reset"] as const;

/** Opens the stream and opens it again after 1, 2, 4 … 30 s when it breaks or is silent. After a break `reset` is told: news may have been missed. Returns how to close it. */
export function listen(address: string, tell: (event: ServerEvent) => void): () => void {
  let source: EventSource | null = null;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let broken = false;
  const again = (): void => {
    source?.close();
    clearTimeout(silence);
    clearTimeout(retry);
    broken = true;
    retry = setTimeout(open, Math.min(30_000, 1000 * 2 ** failures));
    failures += 1;
  };
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(again, silentAfter);
  };
  const take = (message: MessageEvent<string>): void => {
    heard();
    tell(JSON.parse(message.data) as ServerEvent);
  };
  function open(): void {
    source = new EventSource(address);
    source.onopen = () => {
      failures = 0;
      heard();
      if (broken) tell({ kind: "reset", project: null, ids: {} });
      broken = false;
    };
    source.onerror = again;
    source.onmessage = take;
    source.addEventListener("alive", heard);
    for (const kind of kinds) source.addEventListener(kind, take);
    heard();
  }
  open();
  return () => {
    clearTimeout(silence);
    clearTimeout(retry);
    source?.close();
  };
}
