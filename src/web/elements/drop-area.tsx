import { useState, type DragEvent, type ReactNode } from "react";

interface DropAreaProps {
  /** Its looks; `over` is added while something is held above it. */
  readonly className: string;
  readonly onDrop: (dropped: DragEvent["dataTransfer"]) => void;
  readonly children: ReactNode;
}

/** Where files are dropped. Whoever does not drag finds buttons for the same within it. */
export function DropArea({ className, onDrop, children }: DropAreaProps): ReactNode {
  const [over, setOver] = useState(false);
  return (
    <div
      className={over ? `${className} over` : className}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop(event.dataTransfer);
      }}
    >
      {children}
    </div>
  );
}
