/** The build, made anew before anything is measured: kernels and dist are not under version control, so that old ones would be told under the commit of new sources. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

export function build(): void {
  // What it says goes where progress goes.
  execFileSync(process.execPath, [resolve(import.meta.dirname, "../../scripts/build.ts")], { stdio: ["ignore", 2, 2] });
}
