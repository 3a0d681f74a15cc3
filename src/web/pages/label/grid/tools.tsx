import type { ReactNode } from "react";
import { Button, Choice, Select } from "../../../elements/index.ts";
import { useSay } from "../../../services/words/index.ts";
import { words } from "../words.ts";
import type { Size } from "./geometry.ts";

export const shows = ["unasked", "yes", "no", "unsure", "differ", "doubtful", "all"] as const;
export const orders = ["useful", "likely", "new", "random"] as const;
export const sizes = ["S", "M", "L"] as const;

interface ToolsProps {
  readonly show: (typeof shows)[number];
  readonly order: (typeof orders)[number];
  readonly size: Size;
  readonly info: boolean;
  readonly onChange: (name: "show" | "order", value: string) => void;
  readonly onSize: (size: Size) => void;
  /** Absent: the list is as new as it can be. */
  readonly onRefresh: (() => void) | undefined;
  readonly onInfo: () => void;
  /** Back to the pictures. */
  readonly onLeave: () => void;
}

/** What is shown, in which order and how large. */
export function Tools({ show, order, size, info, onChange, onSize, onRefresh, onInfo, onLeave }: ToolsProps): ReactNode {
  const say = useSay(words);
  return (
    <div
      className="label-tools"
      onKeyDown={(event) => {
        if (event.key === "Escape") onLeave();
      }}
    >
      <Select label={say("show")} value={show} onChange={(value) => onChange("show", value)} options={shows.map((value) => ({ value, label: say(`show.${value}`) }))} />
      <Select label={say("order")} value={order} onChange={(value) => onChange("order", value)} options={orders.map((value) => ({ value, label: say(`order.${value}`) }))} />
      <Choice short label={say("size")} value={size} onChange={onSize} options={sizes.map((value) => ({ value, label: say(`size.${value}`) }))} />
      {/* Its place is kept: what comes below must not move under the hand. */}
      <span className={onRefresh === undefined ? "refresh away" : "refresh"}>
        <Button kind="bare" aria-label={say("refresh")} onClick={onRefresh}>
          <span aria-hidden="true">↻</span> <span className="word">{say("refresh")}</span>
        </Button>
      </span>
      <span className="fill" />
      <Button aria-pressed={info} onClick={onInfo}>
        <span aria-hidden="true">ⓘ</span> {say("examples")}
      </Button>
    </div>
  );
}
