/** Writes docs/reference/errors.md from the error table: node scripts/write-reference.ts. A test fails when the page is stale. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { errorReference } from "../src/errors.ts";

writeFileSync(resolve(import.meta.dirname, "../docs/reference/errors.md"), errorReference());
