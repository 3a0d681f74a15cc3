/** The browser of the app's tests: Debian's Chromium, or Chrome; absent, they skip with a notice. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

export const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find(existsSync);

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: executable ?? "", args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"] });
}
