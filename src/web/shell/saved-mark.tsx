import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button, Dialog, Notice } from "../elements/index.ts";
import { useOutbox, useOutboxState } from "../services/outbox/index.ts";
import { useCommon, useFormats } from "../services/words/index.ts";
import { Rejected } from "./rejected.tsx";

/** Refused answers listed at once: each asks the server what its picture is called. */
const listedAtOnce = 50;
const shapes = { saved: "●", sending: "◌", trying: "▲", signIn: "▲", full: "■" } as const;

/** Whether the answers given here are on the server's disk. "Saved" is only said after its acknowledgement. */
export function SavedMark(): ReactNode {
  const state = useOutboxState();
  const say = useCommon();
  const formats = useFormats();
  const text = (): string => {
    switch (state.phase) {
      case "saved":
        if (state.cameBack !== null) return say("saved.back", { n: state.cameBack });
        return state.savedAt === null ? say("saved.none") : say("saved.at", { time: formats.clock(state.savedAt) });
      case "sending":
        return say("saved.sending", { n: state.waiting });
      case "signIn":
        return say("saved.signIn", { n: state.waiting });
      case "trying":
      case "full":
        return say("saved.trying", { n: state.waiting });
    }
  };
  const told = text();
  return (
    <>
      <span className={`saved ${state.phase}`}>
        <span aria-hidden="true">{shapes[state.phase]}</span> {told}
      </span>
      <span className="unseen" role="status">
        {useAtMostEverySecond(told)}
      </span>
    </>
  );
}

/** Answers come faster than they can be read out: the newest text, at most once a second. */
function useAtMostEverySecond(text: string): string {
  const [read, setRead] = useState(text);
  const last = useRef(0);
  useEffect(() => {
    if (text === read) return;
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        setRead(text);
      },
      Math.max(0, last.current + 1_000 - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [text, read]);
  return read;
}

/** A server that has been gone for 3 s, an outbox that is full, answers that were refused or belong to somebody else: in words over the page. */
export function SavedBars(): ReactNode {
  const state = useOutboxState();
  const outbox = useOutbox();
  const say = useCommon();
  const [listed, setListed] = useState(0);
  const [rejected, more] = [state.rejected.slice(0, listed), Math.min(listedAtOnce, state.rejected.length - listed)];
  const gone = useLateness(state.failingSince);
  return (
    <>
      {state.phase === "full" ? (
        <Notice kind="stop" alert>
          <p>{say("saved.full", { n: state.waiting })}</p>
        </Notice>
      ) : (
        gone &&
        state.waiting > 0 && (
          <Notice kind="attention" alert>
            <p>{say("saved.gone", { n: state.waiting })}</p>
          </Notice>
        )
      )}
      {state.others.map(({ name, count }) => (
        <Notice key={name} kind="attention">
          <p>{say("saved.other", { name, n: count })}</p>
        </Notice>
      ))}
      {state.rejected.length > 0 && (
        <Notice kind="stop">
          <p>{say("saved.rejected", { n: state.rejected.length })}</p>
          <div className="row">
            <Button onClick={() => setListed(listedAtOnce)}>{say("saved.rejected.show")}</Button>
          </div>
        </Notice>
      )}
      <Dialog open={listed > 0 && state.rejected.length > 0} title={say("saved.rejected", { n: state.rejected.length })} onClose={() => setListed(0)}>
        <ul className="stack">
          {rejected.map((row) => (
            <Rejected key={row.id} row={row} />
          ))}
        </ul>
        {more > 0 ? (
          <Button onClick={() => setListed(listed + more)}>{say("saved.rejected.more", { n: more })}</Button>
        ) : (
          <Button
            onClick={() => {
              outbox.dismissRejected();
              setListed(0);
            }}
          >
            {say("saved.rejected.clear")}
          </Button>
        )}
      </Dialog>
    </>
  );
}

/** Whether sending has failed for 3 seconds. */
function useLateness(since: number | null): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (since === null) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), Math.max(0, since + 3_000 - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return late;
}
