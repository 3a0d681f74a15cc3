/** The doors of the package, from its manifest. The declaration files are those of the last build. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { apiPages, type Door } from "./pages.ts";

export { keyOf, resolveName, type Declaration } from "./declarations.ts";
export { declarationsOf, type Door } from "./pages.ts";

const root = resolve(import.meta.dirname, "../..");

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** Every subpath that has types. */
export const doors: readonly Door[] = Object.entries(manifest.exports).flatMap(([path, target]) => (typeof target === "string" ? [] : [{ path, types: join(root, target.types) }]));

/** The pages of docs/reference/api, by file name. */
export const apiReference = (): Map<string, string> => apiPages(manifest.name, doors);
