import { Dialog as Radix } from "radix-ui";
import { useRef, type ReactNode } from "react";
import "./dialog.css";

interface DialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly large?: boolean;
  /** It takes the focus itself, not what is first in it, and the keys of labelling act in it: a key that is still held presses nothing. */
  readonly surface?: boolean;
  readonly children: ReactNode;
  /** Absent: it can be left only by what is in it. */
  onClose?: () => void;
  /** Sends the focus to where it belongs once the dialog is gone: where what had it may be drawn anew by then. Absent: it goes back to what had it. */
  onGone?: () => void;
}

/** Radix keeps the focus inside; it goes back to what had it, unless it was sent somewhere else meanwhile. */
export function Dialog({ open, title, large = false, surface = false, onClose, onGone, children }: DialogProps): ReactNode {
  const stay = (event: Event): void => {
    if (onClose === undefined) event.preventDefault();
  };
  const opener = useRef<Element | null>(null);
  const arrive = (event: Event): void => {
    opener.current = document.activeElement;
    if (!surface || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    event.currentTarget.focus();
  };
  const leave = (event: Event): void => {
    event.preventDefault();
    if (onGone !== undefined) onGone();
    else if (document.activeElement === document.body && opener.current instanceof HTMLElement) opener.current.focus();
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose?.()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-back" />
        <Radix.Content className={large ? "dialog large" : "dialog"} aria-describedby={undefined} data-label-surface={surface || undefined} onOpenAutoFocus={arrive} onCloseAutoFocus={leave} onEscapeKeyDown={stay} onInteractOutside={stay}>
          <Radix.Title asChild>
            <h2>{title}</h2>
          </Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
