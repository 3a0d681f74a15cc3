import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Picture } from "../../../server/contract/index.ts";
import { WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { keyShortcuts, shownKeys } from "../../services/keys/index.ts";
import { useMe, useSession } from "../../services/session.tsx";
import { useSay } from "../../services/words/index.ts";
import type { AnswerValue } from "./answering.ts";
import { useAnswering } from "./provider.tsx";
import { words } from "./words.ts";
import "./answer-bar.css";

export const shapes = { yes: "✓", no: "–", unsure: "?", none: "" } as const;
const values = ["yes", "no", "unsure"] as const;

interface AnswersProps {
  readonly label: string;
  readonly pressed: AnswerValue;
  readonly onAnswer: (value: "yes" | "no" | "unsure") => void;
  /** In a row of a list: without keys, smaller. */
  readonly small?: boolean;
}

/** The three answers: word, shape and colour. Buttons, not radios: arrows would answer. */
export function Answers({ label, pressed, onAnswer, small = false }: AnswersProps): ReactNode {
  const say = useSay(words);
  const { keys } = useMe().preferences;
  const { may } = useSession();
  if (!may("annotator")) return small ? null : <WhoMay role="annotator" />;
  return (
    <div role="group" aria-label={label} className={small ? "answers small" : "answers"}>
      {values.map((value) => {
        const shown = shownKeys(value, keys);
        return (
          <button
            key={value}
            type="button"
            className={`answer ${value}`}
            aria-pressed={pressed === value}
            aria-label={small ? say(value) : undefined}
            aria-keyshortcuts={small ? undefined : keyShortcuts(value, keys)}
            onClick={() => onAnswer(value)}
          >
            {!small && shown !== "" && <kbd aria-hidden="true">{shown}</kbd>}
            <span aria-hidden="true" className="shape">
              {shapes[value]}
            </span>
            <span className="word">{say(value)}</span>
          </button>
        );
      })}
    </div>
  );
}

type LastActs = { readonly undo: { readonly act: string; readonly count: number; readonly value: AnswerValue; readonly picture: string; readonly category: string; readonly fromFile: boolean } | null };

/** Names the last act until the next one, and takes it back. It survives a reload: the server knows it too. */
export function UndoButton({ project, onUndo }: { readonly project: string; readonly onUndo: () => void }): ReactNode {
  const say = useSay(words);
  const { state } = useAnswering();
  const { keys } = useMe().preferences;
  const stored = useQuery({ queryKey: ["project", project, "last-acts"], queryFn: ({ signal }) => api.get<LastActs>(`/projects/${project}/last-acts`, signal), enabled: state.last === null });
  const shown = shownKeys("undo", keys);
  const former = stored.data?.undo ?? null;
  const picture = useQuery({ queryKey: ["project", project, "pictures", "one", former?.picture], queryFn: ({ signal }) => api.get<Picture>(`/pictures/${String(former?.picture)}`, signal), enabled: former !== null && former.count === 1 });
  const last = state.last === null ? (former === null ? null : { ...former, name: picture.data?.name ?? "…" }) : { ...state.last, fromFile: false };
  const { may } = useSession();
  if (!may("annotator")) return null;
  const what = last === null ? "" : say(last.value === "none" ? "none" : last.value);
  return (
    <button type="button" className="undo" onClick={onUndo} aria-keyshortcuts={keyShortcuts("undo", keys)}>
      {shown !== "" && <kbd aria-hidden="true">{shown}</kbd>}
      <span aria-hidden="true">↶</span>
      <span>{last === null ? say("undo.nothing") : last.fromFile ? say("undo.file", { n: last.count }) : last.count > 1 ? say("undo.many", { n: last.count, what }) : say("undo", { what, name: last.name })}</span>
    </button>
  );
}
