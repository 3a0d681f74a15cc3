/** Writes the pages that are made from the code: node scripts/write-reference.ts. Tests fail when a page is stale. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { cliReference } from "../src/cli/reference.ts";
import { errorReference } from "../src/errors.ts";

const docs = resolve(import.meta.dirname, "../docs");
writeFileSync(resolve(docs, "reference/errors.md"), errorReference());
writeFileSync(resolve(docs, "cli.md"), cliReference());
