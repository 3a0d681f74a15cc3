import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { Link } from "wouter";
import "./button.css";

export type ButtonKind = "primary" | "plain" | "bare" | "stop";

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  readonly kind?: ButtonKind;
  /** Under way: pressing again does nothing, and the button keeps the focus. */
  readonly busy?: boolean;
  readonly wide?: boolean;
}

/** One primary button on a page, named for what happens. It is never greyed out: who may not press it is told why. */
export function Button({ kind = "plain", busy = false, wide = false, onClick, type = "button", style, ...rest }: ButtonProps): ReactNode {
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return <button {...rest} type={type} style={wide ? { ...style, inlineSize: "100%" } : style} aria-disabled={busy || undefined} className={`button ${kind}`} onClick={press} />;
}

/** A link that looks like a button: for what leads to another page. */
export function ButtonLink({ kind = "plain", href, children }: { readonly kind?: ButtonKind; readonly href: string; readonly children: ReactNode }): ReactNode {
  return (
    <Link href={href} className={`button ${kind}`}>
      {children}
    </Link>
  );
}
