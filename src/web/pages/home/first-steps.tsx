import type { ReactNode } from "react";
import { ButtonLink, Status } from "../../elements/index.ts";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

interface FirstStepsProps {
  readonly project: string;
  readonly named: boolean;
  readonly pictures: boolean;
}

/** The way to the first answer, while there is nothing to answer yet: the step that comes next is open. */
export function FirstSteps({ project, named, pictures }: FirstStepsProps): ReactNode {
  const say = useSay(words);
  const steps = [
    { key: "name", done: named, href: `/p/${project}/pictures` },
    { key: "drop", done: pictures, href: `/p/${project}/pictures` },
    { key: "answer", done: false, href: `/p/${project}/label` },
  ] as const;
  const next = steps.find(({ done }) => !done);
  return (
    <ol className="cards first-steps" aria-label={say("first")}>
      {steps.map((step, at) => (
        <li key={step.key} className={step === next ? "card next" : "card"} aria-current={step === next ? "step" : undefined}>
          <h2>
            {at + 1}. {say(`first.${step.key}`)}
          </h2>
          {step.done ? (
            <Status kind="done">{say("state.done")}</Status>
          ) : step === next ? (
            <>
              <p>{say(`first.${step.key}.text`)}</p>
              <div>
                <ButtonLink kind="primary" href={step.href}>
                  {say(`first.${step.key}.go`)}
                </ButtonLink>
              </div>
            </>
          ) : (
            <Status kind="none">{say("state.none")}</Status>
          )}
        </li>
      ))}
    </ol>
  );
}
