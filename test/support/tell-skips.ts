/** Says once, before the tests, which of them will be skipped here and why. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const absent: readonly (readonly [boolean, string])[] = [
  [existsSync(resolve(import.meta.dirname, "../../../shared/data")), "Tests on real data are skipped: there is no ../shared/data beside this checkout."],
  [existsSync("/usr/bin/chromium"), "Tests in a browser are skipped: there is no /usr/bin/chromium."],
];

export default function tellSkips(): void {
  for (const [there, reason] of absent) if (!there) process.stdout.write(`notice: ${reason}\n`);
}
