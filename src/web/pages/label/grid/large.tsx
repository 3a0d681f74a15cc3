import type { ReactNode } from "react";
import { Link } from "wouter";
import { Button, Dialog } from "../../../elements/index.ts";
import { imageAddress } from "../../../services/api.ts";
import { useSay } from "../../../services/words/index.ts";
import { Answers } from "../answer-bar.tsx";
import type { AnswerValue } from "../answering.ts";
import { words } from "../words.ts";
import type { ListItem } from "./frozen-list.ts";

interface LargeProps {
  readonly project: string;
  readonly question: string;
  /** Undefined: closed. */
  readonly item: ListItem | undefined;
  readonly mine: AnswerValue;
  /** For this picture alone, whatever is chosen behind it. */
  readonly onAnswer: (value: "yes" | "no" | "unsure") => void;
  readonly onClose: () => void;
}

/** One picture of the grid, large; closed by its answer. */
export function Large({ project, question, item, mine, onAnswer, onClose }: LargeProps): ReactNode {
  const say = useSay(words);
  return (
    <Dialog large surface open={item !== undefined} title={item?.name ?? say("large")} onClose={onClose}>
      {item !== undefined && (
        <div className="stack">
          <img className="large-picture" src={imageAddress(item.picture, 1280)} alt={item.name} />
          <Answers label={question} pressed={mine} onAnswer={onAnswer} />
          <div className="row">
            <Button onClick={onClose}>{say("large.close")}</Button>
            <Link href={`/p/${project}/label/picture/${item.picture}`}>{item.name}</Link>
          </div>
        </div>
      )}
    </Dialog>
  );
}
