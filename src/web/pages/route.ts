import type { ComponentType } from "react";
import type { Step } from "../../server/contract/index.ts";

/** A page: one folder here with route.ts, page.tsx, words.ts, words.en.ts, words.ja.ts. The folder alone adds it to the addresses and to the rail. */
export interface Route {
  /** Addresses it answers to, wouter's patterns. */
  readonly paths: readonly string[];
  /** Its place in the rail; absent: no place there. */
  readonly rail?: {
    readonly word: "home" | "pictures" | "label" | "model" | "improve" | "compare" | "live" | "use" | "report" | "people" | "me";
    /** Pages of the project go in the order of the work; `below` stand under a line. */
    readonly place: number;
    readonly below?: boolean;
    readonly administratorsOnly?: boolean;
    /** The address of the rail's link. */
    href(project: string): string;
    /** Where pages begin that belong to it and have no place of their own. */
    also?(project: string): string;
    /** Whose marks it shows. */
    readonly steps?: readonly Step[];
  };
  /** Label views hide the rail. */
  readonly bare?: boolean;
  /** Drawn before anybody has signed in. */
  readonly open?: boolean;
  load(): Promise<{ default: ComponentType }>;
}

/** Types a route. */
export function route(given: Route): Route {
  return given;
}
