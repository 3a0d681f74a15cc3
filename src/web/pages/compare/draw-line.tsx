import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Tradeoff, Version } from "../../../server/contract/index.ts";
import { Button, ErrorNote, WhoMay } from "../../elements/index.ts";
import { api } from "../../services/api.ts";
import { useSession } from "../../services/session.tsx";
import { useFormats, useSay } from "../../services/words/index.ts";
import { percentOf } from "../../services/lines/index.ts";
import { words } from "./words.ts";

/** States in which a version's lines can still be drawn elsewhere: what was approved stays as it was approved. */
const open: ReadonlySet<Version["state"]> = new Set(["candidate", "proposed", "sent-back"]);

interface DrawLineProps {
  readonly project: string;
  readonly version: Version;
  readonly tradeoff: Tradeoff;
  /** Where the slider stands. */
  readonly t: number;
  readonly onDrawn: () => void;
}

/** Makes the line that is looked at the version's own, and takes it back to where it was made. */
export function DrawLine({ project, version: { id, number: v, state }, tradeoff: { category, chosen, made }, t, onDrawn }: DrawLineProps): ReactNode {
  const say = useSay(words);
  const formats = useFormats();
  const client = useQueryClient();
  const { may } = useSession();
  const draw = useMutation({
    mutationFn: (threshold: number | null) => api.put(`/projects/${project}/versions/${id}/thresholds/${category}`, { threshold, reason: null }),
    onSuccess: async () => {
      await Promise.all(["versions", "comparisons", "log"].map((what) => client.invalidateQueries({ queryKey: ["project", project, what] })));
      onDrawn();
    },
  });
  const shown = (value: number): string => formats.number(percentOf(value));
  const moved = percentOf(chosen) !== percentOf(made);
  const elsewhere = percentOf(t) !== percentOf(chosen);
  if (!open.has(state)) return elsewhere ? <p className="quiet">{say("line.approved", { v })}</p> : null;
  if (!may("annotator")) return elsewhere ? <WhoMay role="annotator" /> : null;
  return (
    <div className="stack">
      <ErrorNote error={draw.error} />
      {moved && <p className="quiet">{say("line.moved", { n: shown(chosen), made: shown(made) })}</p>}
      {state === "proposed" && (elsewhere || moved) && <p className="quiet">{say("line.proposed", { v })}</p>}
      <div className="row">
        {elsewhere && (
          <Button busy={draw.isPending} onClick={() => draw.mutate(t)}>
            {say("line.draw", { n: shown(t), v })}
          </Button>
        )}
        {moved && (
          <Button kind="bare" busy={draw.isPending} onClick={() => draw.mutate(null)}>
            {say("line.back", { n: shown(made) })}
          </Button>
        )}
        <span role="status" className="quiet">
          {draw.isSuccess && !elsewhere && say("line.drawn", { n: shown(chosen) })}
        </span>
      </div>
    </div>
  );
}
