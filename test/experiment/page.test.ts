/** The page of an experiment in a real browser. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { experimentMethods, type ExperimentConfig } from "../../src/workflows/experiment/config.ts";
import { experimentPages } from "../../src/workflows/experiment/page.ts";
import { grid } from "../../src/workflows/experiment/rows.cases.ts";
import { summarise } from "../../src/workflows/experiment/summary.ts";
import { contrasts, measure } from "../report/page-probes.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"].find(existsSync);

function pageOf(strategies: readonly string[], known: readonly number[]): string {
  const data = ["scene", "a data set with a long name", "<b>"];
  const config: ExperimentConfig = {
    name: "An experiment with <i>odd</i> names",
    data: data.map((name) => ({ name, labels: "l.csv", source: { kind: "file", path: "f.npy" }, groups: "obey", judgedOn: "report" })),
    strategies,
    methods: experimentMethods,
    protocol: "uniform",
    known,
    parts: ["fit", "selection"],
    seeds: [0, 1],
    metric: "ap",
    uncertain: "ignore",
  };
  const rows = grid({ data, strategies, methods: experimentMethods, known, seeds: 2, categories: 6 });
  return experimentPages(config, rows, summarise(rows, "ap")).html;
}

const pages = {
  "one strategy": pageOf(["assume-negative"], [0.05, 0.1, 0.3, 0.5, 0.9]),
  "several strategies": pageOf(["assume-negative", "curriculum-top-per-category", "ignore"], [0.1, 0.5]),
  "one proportion": pageOf(["assume-negative", "curriculum-top-per-category", "ignore"], [0.1]),
};

let browser: Browser;
let page: Page;
let folder = "";
const said: string[] = [];

describe.skipIf(executable === undefined)("the page of an experiment in a browser (skipped where neither Chromium nor Chrome is installed)", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "catwise-experiment-page-"));
    browser = await chromium.launch({ executablePath: executable ?? "", args: ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"] });
    page = await browser.newPage();
    page.on("request", (request) => said.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(Object.entries(pages))("with %s", (name, html) => {
    it.each([1280, 390, 320])("fits a window of %i pixels, every plot that is shown inside, each figure once", async (width) => {
      await open(name, html, width, "light");
      const { overflow, outside } = await page.evaluate(measure);
      expect([overflow, outside]).toEqual([0, []]);
      // Of a figure with one panel two drawings exist, and one is shown.
      const shown = page.locator("svg.plot:visible");
      for (const box of await shown.evaluateAll((all) => all.map((one) => one.getBoundingClientRect()))) {
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(width);
        expect(box.width).toBeGreaterThan(200);
      }
      expect(await shown.count()).toBe(await page.locator("figure").evaluateAll((all) => all.reduce((sum, one) => sum + Math.max(one.querySelectorAll(".panels:not(.one) svg.plot").length, 1), 0)));
    });

    it.each(["light", "dark"] as const)("keeps its text readable in the %s scheme, and asks for nothing", async (scheme) => {
      said.length = 0;
      const url = await open(name, html, 1280, scheme);
      const { texts, faint } = await page.evaluate(contrasts);
      expect(texts).toBeGreaterThan(50);
      // A strategy's name that the row above says already is there for those who hear the table.
      const repeated = await page.locator("th.repeated").allInnerTexts();
      expect(faint.filter((one) => !repeated.some((text) => one.endsWith(`: ${text}`)))).toEqual([]);
      expect(said).toEqual([url]);
    });
  });

  it("shows names as they are, markup and all", async () => {
    await open("one strategy", pages["one strategy"], 1280, "light");
    expect(await page.locator("h1").innerText()).toBe("An experiment with <i>odd</i> names");
    expect(await page.locator("table.figures th", { hasText: "<b>" }).count()).toBeGreaterThan(0);
  });
});

async function open(name: string, html: string, width: number, colorScheme: "light" | "dark"): Promise<string> {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html);
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 900 });
  const url = pathToFileURL(path).href;
  await page.goto(url);
  return url;
}
