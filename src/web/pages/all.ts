import type { Route } from "./route.ts";

const found = import.meta.glob<Route>("./*/route.ts", { eager: true, import: "default" });

/** Every page there is a folder of. */
export const routes: readonly Route[] = Object.values(found);
