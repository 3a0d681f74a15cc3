import { use, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode, type SubmitEvent } from "react";
import { Refusal } from "../services/api.ts";
import { useCommon, useTell } from "../services/words/index.ts";
import { faultOf, FormContext, refusedFields, type Fault } from "./form-faults.ts";
import { ErrorNote, Notice, codeOf } from "./notice.tsx";

interface FormProps {
  readonly narrow?: boolean;
  /** What came of sending it. */
  readonly error?: unknown;
  /** Under way: sending it again does nothing. */
  readonly busy?: boolean;
  /** What only this form knows to be wrong, by the name of the field, before anything is sent. */
  readonly check?: (given: FormData) => Readonly<Record<string, string | undefined>>;
  /** With the name and value of the button that was pressed, where it has them. */
  readonly onSend: (given: FormData, form: HTMLFormElement) => void;
  readonly onInput?: () => void;
  readonly children: ReactNode;
}

/** What was in the form when it was to be sent, and what the browser's rules say of it. */
interface Tried {
  readonly given: FormData;
  readonly broken: readonly Fault[];
}
interface Said {
  readonly name: string;
  readonly text: string;
}

/**
 * The one form. What is wrong with a field stands beside it, in the words of the page and not of the browser; where several are, they are listed on top, with links to the fields, and the focus
 * goes there; where one is, it goes to the field. What was typed stays.
 */
export function Form({ narrow = false, error, busy = false, check, onSend, onInput, children }: FormProps): ReactNode {
  const tell = useTell();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [labels, setLabels] = useState<ReadonlyMap<string, string>>(new Map());
  const [tried, setTried] = useState<Tried | null>(null);
  // What came of sending it before is told no more while it is sent again.
  const [past, setPast] = useState<unknown>(null);
  const news = error === past ? null : error;

  const own: readonly Said[] = tried === null ? [] : [...tried.broken.map(({ name, code, params }) => ({ name, text: tell(code, params) })), ...said(check?.(tried.given) ?? {})];
  const names = [...labels.keys()];
  const refused = own.length > 0 ? [] : refusedFields(news, names).map(({ name, code, params }) => ({ name, text: tell(code, params) }));
  const faults = [...own, ...refused].filter(({ name }, at, all) => all.findIndex((one) => one.name === name) === at).sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));

  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (busy) return;
    const given = new FormData(event.currentTarget, event.nativeEvent.submitter);
    const broken = [...event.currentTarget.elements].flatMap((element) => (isField(element) && element.name !== "" ? (faultOf(element.name, element.validity, element) ?? []) : []));
    const fine = broken.length === 0 && said(check?.(given) ?? {}).length === 0;
    setTried(fine ? null : { given, broken });
    if (!fine) return;
    setPast(error);
    onSend(given, event.currentTarget);
  };
  const [first] = faults;
  const latest = useRef({ several: false, first: "" });
  latest.current = { several: faults.length > 1, first: first === undefined ? "" : `${id}-${first.name}` };
  useEffect(() => {
    const { several, first: only } = latest.current;
    if (several) top.current?.focus();
    else if (only !== "") document.getElementById(only)?.focus();
  }, [tried, news]);

  const call = useCallback((name: string, label: string | null) => {
    setLabels((former) => (label === null ? new Map([...former].filter(([one]) => one !== name)) : new Map(former).set(name, label)));
  }, []);
  const key = JSON.stringify(faults);
  const content = useMemo(() => {
    const texts = new Map((JSON.parse(key) as readonly Said[]).map(({ name, text }) => [name, text]));
    return { idOf: (name: string) => `${id}-${name}`, wrong: (name: string) => texts.get(name), call };
  }, [id, key, call]);
  return (
    <FormContext value={content}>
      <form ref={form} className={narrow ? "stack narrow" : "stack"} noValidate onSubmit={send} onInput={onInput}>
        {faults.length > 1 ? (
          <Notice ref={top} kind="stop" alert>
            <Summary faults={faults} labels={labels} idOf={content.idOf} code={refused.length > 0 && news instanceof Refusal ? codeOf(news) : null} />
          </Notice>
        ) : (
          own.length === 0 && <ErrorNote error={news} />
        )}
        {children}
      </form>
    </FormContext>
  );
}

function said(texts: Readonly<Record<string, string | undefined>>): readonly Said[] {
  return Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));
}

function isField(element: Element): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

interface SummaryProps {
  readonly faults: readonly Said[];
  readonly labels: ReadonlyMap<string, string>;
  readonly idOf: (name: string) => string;
  readonly code: string | null;
}

function Summary({ faults, labels, idOf, code }: SummaryProps): ReactNode {
  const say = useCommon();
  // The address stays as it is: what stands behind its # may be somebody's one-time link.
  const go = (event: MouseEvent, name: string): void => {
    event.preventDefault();
    document.getElementById(idOf(name))?.focus();
  };
  return (
    <>
      <p>{say("form.several", { n: faults.length })}</p>
      <ul>
        {faults.map(({ name, text }) => (
          <li key={name}>
            <a href={`#${idOf(name)}`} onClick={(event) => go(event, name)}>
              {say("form.fault", { field: labels.get(name) ?? name, text })}
            </a>
          </li>
        ))}
      </ul>
      {code !== null && <code>{say("action.copyCode", { code })}</code>}
    </>
  );
}

/** What a field takes from the form around it: its id, and what is wrong with it. Without a form or a name it has an id of its own. */
export function useInForm(name: string | undefined, label: string): { readonly id: string; readonly wrong: string | undefined } {
  const around = use(FormContext);
  const own = useId();
  const call = around?.call;
  useLayoutEffect(() => {
    if (name !== undefined) call?.(name, label);
  }, [call, name, label]);
  useLayoutEffect(() => () => (name === undefined ? undefined : call?.(name, null)), [call, name]);
  if (around === null || name === undefined) return { id: own, wrong: undefined };
  return { id: around.idOf(name), wrong: around.wrong(name) };
}
