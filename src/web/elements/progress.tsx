import { useRef, type ReactNode } from "react";
import "./progress.css";

/** A bar with a true total; it never goes back. Without a total only the words stand. `text` is what a screen reader says: "5 of 12 categories, about 1 minute left". */
export function Progress({ label, done, total, text }: { readonly label: string; readonly done: number; readonly total: number; readonly text: string }): ReactNode {
  const furthest = useRef(0);
  const share = total > 0 ? Math.min(1, done / total) : 0;
  furthest.current = share === 0 ? 0 : Math.max(furthest.current, share);
  return (
    <div className="progress">
      <div className="row spread figures">
        <span>{label}</span>
        <span>{text}</span>
      </div>
      {total > 0 && (
        <div className="progress-line" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={total} aria-valuenow={done} aria-valuetext={text}>
          <div style={{ inlineSize: `${String(furthest.current * 100)}%` }} />
        </div>
      )}
    </div>
  );
}
