import type { ReactNode } from "react";
import type { Model } from "../../../server/contract/index.ts";
import { Select } from "../../elements/index.ts";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

type Prepared = NonNullable<Model["preprocessing"]>;

/** What people state of how pictures are prepared; null: nothing. */
export interface Stated {
  readonly resize: Prepared["resize"] | null;
  readonly values: Prepared["values"];
  readonly channelOrder: Prepared["channelOrder"] | null;
}

/** As it is sent: without what is not stated. */
export function statedFields(stated: Stated): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(stated).filter((entry): entry is [string, string] => entry[1] !== null));
}

const resizes = ["squash", "squash-crop", "shortest-edge", "letterbox"] as const;
const values = ["imagenet", "0..1", "-1..1", "0..255"] as const;
const orders = ["rgb", "bgr", "grey"] as const;
const unsaid = "unsaid";

interface PreparationFieldsProps {
  readonly stated: Stated;
  readonly onChange: (stated: Stated) => void;
  /** What it is called where something is not stated; absent: it always is. */
  readonly none?: Partial<Readonly<Record<keyof Stated, string>>>;
}

export function PreparationFields({ stated, onChange, none = {} }: PreparationFieldsProps): ReactNode {
  const say = useSay(words);
  const without = (label: string | undefined) => (label === undefined ? [] : [{ value: unsaid, label } as const]);
  const given = <V extends string>(value: V | typeof unsaid): V | null => (value === unsaid ? null : value);
  return (
    <>
      <Select label={say("resize")} value={stated.resize ?? unsaid} onChange={(to) => onChange({ ...stated, resize: given(to) })} options={[...without(none.resize), ...resizes.map((value) => ({ value, label: say(`resize.${value}`) }))]} />
      <Select label={say("values")} value={stated.values ?? unsaid} onChange={(to) => onChange({ ...stated, values: given(to) })} options={[...without(none.values), ...values.map((value) => ({ value, label: say(`values.${value}`) }))]} />
      <Select label={say("order")} value={stated.channelOrder ?? unsaid} onChange={(to) => onChange({ ...stated, channelOrder: given(to) })} options={[...without(none.channelOrder), ...orders.map((value) => ({ value, label: say(`order.${value}`) }))]} />
    </>
  );
}
