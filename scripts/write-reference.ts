/** Writes the pages that are made from the code: npm run build && node scripts/write-reference.ts. Tests fail when a page is stale. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { cliReference } from "../src/cli/reference.ts";
import { errorReference } from "../src/errors.ts";
import { apiReference } from "./api/index.ts";

const docs = resolve(import.meta.dirname, "../docs");
writeFileSync(resolve(docs, "reference/errors.md"), errorReference());
writeFileSync(resolve(docs, "cli.md"), cliReference());

const pages = apiReference();
const api = resolve(docs, "reference/api");
mkdirSync(api, { recursive: true });
for (const old of readdirSync(api)) if (!pages.has(old)) rmSync(resolve(api, old));
for (const [name, text] of pages) writeFileSync(resolve(api, name), text);
