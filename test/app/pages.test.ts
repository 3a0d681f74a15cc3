/// <reference lib="dom" />
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executable, expectAccessible, launch, overflow, station, tablet } from "./browser.ts";
import { StandIn } from "./stand-in.ts";

const pages = [
  ["the project's home", "/p/3"],
  ["the projects", "/projects"],
  ["a new project", "/new"],
  ["the pictures", "/p/3/pictures"],
  ["a category", "/p/3/categories/7"],
  ["the label grid", "/p/3/label/7"],
  ["the label sheet", "/p/3/label/picture/3"],
  ["people", "/people"],
  ["my settings", "/me"],
  ["an address without a page", "/nowhere"],
] as const;

let browser: Browser;
let page: Page;
let server: StandIn;
let origin = "";
const said: string[] = [];

async function open(path: string, language: "en" | "ja"): Promise<void> {
  await page.setViewportSize(station);
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(origin + path);
  await page.getByRole("button", { name: language === "en" ? "English" : "日本語" }).click();
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
}

describe.skipIf(executable === undefined)("pages of the app (skipped where neither Chromium nor Chrome is installed)", () => {
  beforeAll(async () => {
    server = new StandIn({ pictures: 60 });
    origin = await server.start();
    browser = await launch();
    page = await (await browser.newContext({ locale: "en-GB" })).newPage();
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) said.push(request.url());
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  describe.each(pages)("%s", (_, path) => {
    it.each(["en", "ja"] as const)("breaks no rule of accessibility in light and dark, says nothing on the console and fits every width (%s)", async (language) => {
      said.length = 0;
      await open(path, language);
      await expectAccessible(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      for (const size of [station, tablet, { width: 320, height: 640 }]) {
        await page.setViewportSize(size);
        expect(await overflow(page), `${String(size.width)} pixels`).toBe(0);
      }
      expect(said).toEqual([]);
    });
  });

  it("has one filled button at most, and on the label views none but the answers", async () => {
    for (const [, path] of pages) {
      await open(path, "en");
      const filled = await page.locator(".button.primary:visible").count();
      expect(filled, path).toBeLessThanOrEqual(path.includes("/label") ? 0 : 1);
    }
  });

  it("changes its language in place: the address, what was typed and the scroll stay", async () => {
    await open("/new", "en");
    await page.getByLabel("What to find, one per line").fill("scratch\ndent");
    await page.getByRole("button", { name: "日本語" }).click();
    expect(await page.getByLabel("見つけたいもの（1行に1つ）").inputValue()).toBe("scratch\ndent");
    expect(page.url()).toBe(`${origin}/new`);
    expect(await page.getByText("2個のカテゴリ").isVisible()).toBe(true);
  });
});
