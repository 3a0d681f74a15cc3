import type { ReactNode } from "react";
import { Button, Dialog, Table } from "../../elements/index.ts";
import { shownKeys, type Act } from "../../services/keys/index.ts";
import { useMe } from "../../services/session.tsx";
import { useSay } from "../../services/words/index.ts";
import { words } from "./words.ts";

const acts = ["yes", "no", "unsure", "next", "back", "undo", "redo", "rest", "info", "choose", "chooseNone", "zoom", "open", "help"] as const satisfies readonly Act[];
/** Keys beside the letters, as they are printed on a keyboard. */
const named: Partial<Record<Act, string>> = { undo: "Backspace", redo: "Ctrl+Shift+Z", choose: "Space", chooseNone: "Esc", zoom: "Space", open: "Enter", help: "?", next: "→", back: "←" };

/** All keys, by "?". */
export function KeyList({ open, onClose, onGone }: { readonly open: boolean; readonly onClose: () => void; readonly onGone: () => void }): ReactNode {
  const say = useSay(words);
  const { keys } = useMe().preferences;
  return (
    <Dialog open={open} title={say("keys")} onClose={onClose} onGone={onGone}>
      <Table
        caption={say("keys")}
        rows={acts}
        id={(act) => act}
        columns={[
          { key: "act", title: say("keys.act"), cell: (act) => say(`key.${act}`) },
          { key: "keys", title: say("keys.keys"), cell: (act) => [shownKeys(act, keys), keys === "off" ? "" : (named[act] ?? "")].filter(Boolean).join(" · ") },
        ]}
      />
      <Button onClick={onClose}>{say("large.close")}</Button>
    </Dialog>
  );
}
