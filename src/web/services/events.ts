/**
 * News from the server, one stream for all tabs of this browser (HTTP/1.1 allows about six connections, and the seventh tab would freeze). A shared worker holds it; where there is none, the
 * tab that has led longest does and tells the others over a channel. News carry ids alone: what is on the screen is asked for anew.
 */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ServerEvent } from "../../server/contract/index.ts";
import { base } from "./api.ts";
import { listen } from "./events-source.ts";

const address = `${base}/events`;

/** Which kept answers each kind of news makes old, by the second part of their key: ["project", 3, "jobs"]. */
const touches: Readonly<Record<ServerEvent["kind"], readonly string[]>> = {
  job: ["jobs", "next-steps", "self"],
  category: ["jobs", "categories"],
  answers: ["categories", "next-steps", "self", "last-acts"],
  version: ["versions", "comparisons", "live", "next-steps", "self"],
  log: ["log"],
  pictures: ["pictures", "categories", "next-steps", "self"],
  stopping: [],
  reset: [],
};

export function applyEvent(client: QueryClient, event: ServerEvent): void {
  if (event.kind === "reset") {
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" && queryKey[2] !== "list" });
    return;
  }
  const old = touches[event.kind];
  void client.invalidateQueries({
    predicate: ({ queryKey }) => (queryKey[0] === "project" && (event.project === null || queryKey[1] === event.project) && old.includes(String(queryKey[2]))) || (queryKey[0] === "projects" && old.includes("self")),
  });
}

function byWorker(tell: (event: ServerEvent) => void): () => void {
  const worker = new SharedWorker(new URL("./events-worker.ts", import.meta.url), { type: "module", name: "catwise-events" });
  worker.port.onmessage = ({ data }: MessageEvent<ServerEvent>) => tell(data);
  worker.port.start();
  worker.port.postMessage({ open: address });
  const leave = (): void => worker.port.postMessage({ leave: true });
  addEventListener("pagehide", leave);
  return () => {
    removeEventListener("pagehide", leave);
    leave();
    worker.port.close();
  };
}

/** One leader: the tab whose birth is earliest among those heard from in the last 3 s. */
function byLeader(tell: (event: ServerEvent) => void): () => void {
  const channel = new BroadcastChannel("catwise-events");
  const birth = `${String(Date.now()).padStart(15, "0")}-${String(Math.random())}`;
  const heard = new Map<string, number>();
  let close: (() => void) | null = null;
  channel.onmessage = ({ data }: MessageEvent<{ birth?: string; event?: ServerEvent }>) => {
    if (data.birth !== undefined) heard.set(data.birth, Date.now());
    if (data.event !== undefined) tell(data.event);
  };
  const beat = (): void => {
    channel.postMessage({ birth });
    const leads = [...heard].every(([other, at]) => other > birth || Date.now() - at > 3_000);
    if (leads)
      close ??= listen(address, (event) => {
        tell(event);
        channel.postMessage({ event });
      });
    else {
      close?.();
      close = null;
    }
  };
  const timer = setInterval(beat, 1_000);
  beat();
  return () => {
    clearInterval(timer);
    close?.();
    channel.close();
  };
}

/** Keeps what is on the screen in step with the server, for as long as somebody is signed in. */
export function useEvents(on: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!on) return;
    const tell = (event: ServerEvent): void => applyEvent(client, event);
    return typeof SharedWorker === "undefined" ? byLeader(tell) : byWorker(tell);
  }, [client, on]);
}
