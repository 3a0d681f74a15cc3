import { useId, useState, type ComponentProps, type ReactNode } from "react";
import { useCommon } from "../services/words/index.ts";
import { Button } from "./button.tsx";
import { useInForm } from "./form.tsx";
import "./field.css";

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what is typed, told while it is typed; it stays typed. What is wrong when it is sent, its form tells. */
  readonly error?: string | undefined;
}
interface Parts {
  readonly id: string;
  readonly error: string | undefined;
  readonly described: string | undefined;
  readonly hintId: string;
  readonly errorId: string;
}

function useParts({ label, hint, error: now }: FieldProps, name: string | undefined): Parts {
  const { id, wrong } = useInForm(name, label);
  const error = now ?? wrong;
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint === undefined ? "" : hintId, error === undefined ? "" : errorId].filter(Boolean).join(" ");
  return { id, error, hintId, errorId, described: described === "" ? undefined : described };
}

function Around({ label, hint, parts, children }: Omit<FieldProps, "error"> & { readonly parts: Parts; readonly children: ReactNode }): ReactNode {
  return (
    <div className="field">
      <label htmlFor={parts.id}>{label}</label>
      {hint !== undefined && (
        <p id={parts.hintId} className="hint">
          {hint}
        </p>
      )}
      {children}
      {parts.error !== undefined && <Wrong parts={parts} />}
    </div>
  );
}

function Wrong({ parts: { errorId, error } }: { readonly parts: Parts }): ReactNode {
  return (
    <p id={errorId} className="wrong">
      {error}
    </p>
  );
}

export function Field({ label, hint, error, ...input }: FieldProps & Omit<ComponentProps<"input">, "id" | "className">): ReactNode {
  const parts = useParts({ label, hint, error }, input.name);
  return (
    <Around {...{ label, hint, parts }}>
      <input {...input} id={parts.id} className="input" aria-invalid={parts.error !== undefined || undefined} aria-describedby={parts.described} />
    </Around>
  );
}

export function TextField({ label, hint, error, ...input }: FieldProps & Omit<ComponentProps<"textarea">, "id" | "className">): ReactNode {
  const parts = useParts({ label, hint, error }, input.name);
  return (
    <Around {...{ label, hint, parts }}>
      <textarea {...input} id={parts.id} className="input" aria-invalid={parts.error !== undefined || undefined} aria-describedby={parts.described} />
    </Around>
  );
}

/** A password that can be shown while it is typed. Pasting and password managers work as in any field. */
export function PasswordField({ label, hint, error, ...input }: FieldProps & Omit<ComponentProps<"input">, "id" | "className" | "type">): ReactNode {
  const parts = useParts({ label, hint, error }, input.name);
  const [shown, show] = useState(false);
  const say = useCommon();
  return (
    <Around {...{ label, hint, parts }}>
      <div className="beside">
        <input {...input} type={shown ? "text" : "password"} id={parts.id} className="input" aria-invalid={parts.error !== undefined || undefined} aria-describedby={parts.described} />
        <Button aria-pressed={shown} aria-controls={parts.id} onClick={() => show(!shown)}>
          {say(shown ? "field.hidden" : "field.shown")}
        </Button>
      </div>
    </Around>
  );
}

/** Several ticks that answer one question. */
export function FieldGroup({ label, name, children }: { readonly label: string; readonly name: string; readonly children: ReactNode }): ReactNode {
  const parts = useParts({ label }, name);
  return (
    <fieldset id={parts.id} className="field" tabIndex={-1} aria-describedby={parts.described}>
      <legend>{label}</legend>
      {children}
      {parts.error !== undefined && <Wrong parts={parts} />}
    </fieldset>
  );
}

interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  /** Stays on one line however narrow the window is. */
  readonly short?: boolean;
  readonly onChange: (value: V) => void;
}

/** One of a few, all in view. */
export function Choice<V extends string>({ label, value, options, short = false, onChange }: ChoiceProps<V>): ReactNode {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={short ? "choice short" : "choice"}>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.label}
        </label>
      ))}
    </div>
  );
}

/** Yes or no of one thing. `alone`: the label is read out and not shown, where a table's head says it. */
export function Tick({ label, alone = false, ...input }: { readonly label: string; readonly alone?: boolean } & Omit<ComponentProps<"input">, "type" | "className" | "aria-label">): ReactNode {
  return (
    <label className={alone ? "tick alone" : "tick"}>
      <input {...input} type="checkbox" aria-label={alone ? label : undefined} />
      {!alone && <span>{label}</span>}
    </label>
  );
}

/** One of many, in a list that opens. */
export function Select<V extends string>({ label, value, options, onChange }: ChoiceProps<V>): ReactNode {
  return (
    <label className="select">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value as V)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
