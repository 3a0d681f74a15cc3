#!/usr/bin/env node
import { failureText } from "./failure-text.ts";

/** What the package asks for; an older Node fails only where something is missing, which may be after half an hour of work. */
const oldest = 24;

if (Number(process.versions.node.split(".")[0]) < oldest) {
  const { CatwiseError } = await import("../errors.ts");
  const error = new CatwiseError("usage.old-node", `expected Node ${oldest} or newer, got ${process.versions.node}.`, { remedy: `Run it with Node ${oldest}; \`npm install node@${oldest}\` beside it brings one.` });
  process.stderr.write(failureText(error));
  process.exit(error.exitStatus);
}
const { main } = await import("./program.ts");
await main(process.argv.slice(2));
