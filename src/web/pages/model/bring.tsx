import { useRef, useState, type ReactNode } from "react";
import { Button } from "../../elements/index.ts";
import { useSay } from "../../services/words/index.ts";
import { PreparationFields, statedFields, type Stated } from "./preparation-fields.tsx";
import { words } from "./words.ts";

const nothing: Stated = { resize: null, values: null, channelOrder: null };

/** An ONNX file from elsewhere, with the files of its weights where it has some, and what is known of how its pictures are prepared: said before anything is made with it. */
export function Bring({ busy, onBring }: { readonly busy: boolean; readonly onBring: (form: FormData) => void }): ReactNode {
  const say = useSay(words);
  const file = useRef<HTMLInputElement>(null);
  const [stated, state] = useState(nothing);
  const bring = (chosen: readonly File[]): void => {
    const form = new FormData();
    const fields = statedFields(stated);
    if (Object.keys(fields).length > 0) form.append("preprocessing", JSON.stringify(fields));
    for (const each of chosen) form.append("files", each, each.name);
    onBring(form);
  };
  return (
    <>
      <details>
        <summary>{say("bring.prepared")}</summary>
        <div className="stack">
          <p className="quiet">{say("bring.prepared.why")}</p>
          <PreparationFields stated={stated} onChange={state} none={{ resize: say("bring.unsaid"), values: say("bring.unsaid"), channelOrder: say("bring.unsaid") }} />
        </div>
      </details>
      <div>
        <Button busy={busy} onClick={() => file.current?.click()}>
          {say("bring.go")}
        </Button>
      </div>
      <input
        ref={file}
        type="file"
        hidden
        multiple
        aria-label={say("bring.go")}
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (chosen.length > 0) bring(chosen);
        }}
      />
    </>
  );
}
