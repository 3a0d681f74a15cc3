import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extremeRecords } from "../../src/workflows/report/extreme-records.cases.ts";
import { renderReport } from "../../src/workflows/report/index.ts";
import { contrasts, measure } from "./page-probes.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find(existsSync);
const wide = 1280;
const phone = 390;
/** WCAG's narrowest page that must do without scrolling sideways. */
const narrowest = 320;
const kinds = Object.keys(extremeRecords);

let browser: Browser;
let page: Page;
/** What the page asked for and said since it was opened. */
const said: string[] = [];
let folder = "";

describe.skipIf(executable === undefined)("the report in a browser (skipped where neither Chromium nor Chrome is installed)", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "catwise-report-"));
    for (const [at, kind] of kinds.entries()) writeFileSync(join(folder, `${String(at)}.html`), renderReport(extremeRecords[kind]));
    browser = await chromium.launch({ executablePath: executable ?? "", args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"] });
    page = await browser.newPage();
    page.on("request", (request) => said.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(kinds)("of %s", (kind) => {
    it("asks for nothing but itself and says nothing on the console", async () => {
      const url = await open(kind, { width: wide });
      expect(said).toEqual([url]);
    });

    it.each([wide, phone, narrowest])("fits a window of %i pixels, every chart drawn and inside", async (width) => {
      await open(kind, { width });
      await openAll();
      const { overflow, outside, charts } = await page.evaluate(measure);
      expect(overflow).toBe(0);
      expect(outside).toEqual([]);
      expect(charts).toEqual([]);
    });

    it.each([wide, phone])("lists every category with its figure or its reason at %i pixels", async (width) => {
      await open(kind, { width });
      const rows = await page.locator(".gains tbody tr:has(a)").allInnerTexts();
      const names = await page.locator(".gains tbody a").allInnerTexts();
      expect(names.toSorted()).toEqual(extremeRecords[kind].result.categories.map((category) => category.name).toSorted());
      for (const row of rows) expect(row).toMatch(/[+−]?\d\.\d{3}|No figure: /);
    });

    it.each(["light", "dark"] as const)("keeps all its text readable in the %s scheme", async (colorScheme) => {
      await open(kind, { width: wide, colorScheme });
      await openAll();
      const { pageColour, texts, faint } = await page.evaluate(contrasts);
      expect(pageColour).toBe(colorScheme === "dark" ? "rgb(22, 24, 29)" : "rgb(255, 255, 255)");
      expect(texts).toBeGreaterThan(20);
      expect(faint).toEqual([]);
    });
  });

  it("opens a category's drawer from its name in the table", async () => {
    await open("eighty categories", { width: wide });
    const drawer = page.locator("details.category").nth(40);
    expect(await drawer.getAttribute("open")).toBeNull();
    await page.locator(".gains tbody a").nth(40).click();
    expect(await drawer.getAttribute("open")).not.toBeNull();
  });

  it("prints dark on white whatever the scheme, without the drawers that are closed", async () => {
    await open("eighty categories", { width: wide, colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const shown = await page.locator("details.category").evaluateAll((drawers) => drawers.filter((each) => each.checkVisibility()).length);
    expect(shown).toBe(3);
    expect((await page.evaluate(contrasts)).pageColour).toBe("rgb(255, 255, 255)");
    expect(await page.getByText("Printed here:").isVisible()).toBe(true);
  });
});

async function open(kind: string, { width, colorScheme = "light" }: { width: number; colorScheme?: "light" | "dark" }): Promise<string> {
  const url = pathToFileURL(join(folder, `${String(kinds.indexOf(kind))}.html`)).href;
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ media: "screen", colorScheme });
  await page.goto("about:blank");
  said.length = 0;
  await page.goto(url);
  return url;
}

async function openAll(): Promise<void> {
  await page.locator("details").evaluateAll((drawers) => {
    for (const drawer of drawers) drawer.setAttribute("open", "");
  });
}
