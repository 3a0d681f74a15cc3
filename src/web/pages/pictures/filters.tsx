import type { ReactNode } from "react";
import type { Category } from "../../../server/contract/index.ts";
import { Button, Field, Select } from "../../elements/index.ts";
import { useCommon, useSay } from "../../services/words/index.ts";
import { answers, states, type View } from "./view.ts";
import { words } from "./words.ts";

interface FiltersProps {
  readonly categories: readonly Category[];
  readonly view: View;
  readonly onChange: (change: Partial<View>) => void;
}

/** Which pictures are shown: by where they stand, by what people say of them, by their group and by their name. */
export function Filters({ categories, view: { state, answer, category, group, q }, onChange }: FiltersProps): ReactNode {
  const say = useSay(words);
  const common = useCommon();
  const pictures = state !== "broken" && state !== "duplicate";
  return (
    <div className="picture-filters">
      <Select label={say("show")} value={state} onChange={(next) => onChange({ state: next })} options={states.map((value) => ({ value, label: say(`show.${value}`) }))} />
      {pictures && (
        <Select
          label={say("answer")}
          value={answer ?? "any"}
          onChange={(next) => onChange({ answer: next === "any" ? null : next })}
          options={[{ value: "any" as const, label: say("answer.any") }, ...answers.map((value) => ({ value, label: value === "differ" ? say("answer.differ") : common(`answer.${value === "unasked" ? "none" : value}`) }))]}
        />
      )}
      {pictures && answer !== null && (
        <Select label={say("about")} value={category ?? "any"} onChange={(next) => onChange({ category: next === "any" ? null : next })} options={[{ value: "any", label: say("about.any") }, ...categories.map(({ id, name }) => ({ value: id, label: name }))]} />
      )}
      {pictures && group !== null && (
        <Button onClick={() => onChange({ group: null })}>
          {say("group", { group })} <span aria-hidden="true">×</span>
          <span className="unseen">{say("group.all")}</span>
        </Button>
      )}
      {pictures && <Field label={say("search")} type="search" value={q} onChange={(event) => onChange({ q: event.target.value })} />}
    </div>
  );
}
