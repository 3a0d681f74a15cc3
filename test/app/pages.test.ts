/// <reference lib="dom" />
import type { Browser, Page } from "playwright-core";
import type { Job } from "../../src/server/contract/index.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executable, expectAccessible, launch, overflow, station, tablet } from "./browser.ts";
import { StandIn } from "./stand-in.ts";

const pages = [
  ["the project's home", "/p/3"],
  ["the projects", "/projects"],
  ["a new project", "/new"],
  ["the pictures", "/p/3/pictures"],
  ["files that cannot be opened", "/p/3/pictures?state=broken"],
  ["a picture", "/p/3/pictures/3"],
  ["a category", "/p/3/categories/7"],
  ["the label grid", "/p/3/label/7"],
  ["the label sheet", "/p/3/label/picture/3"],
  ["a project's settings", "/p/3/settings"],
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

  it("shows the pictures that are asked for, by the address", async () => {
    await open("/p/3/pictures", "en");
    await page.getByRole("combobox", { name: "Answer", exact: true }).selectOption({ label: "Yes" });
    await page.getByRole("combobox", { name: "About" }).selectOption({ label: "dent" });
    await page.getByText("There is no such picture.").waitFor();
    expect(new URL(page.url()).search).toBe("?answer=yes&category=8");
    await page.goto(`${origin}/p/3/pictures?answer=unasked&category=8&q=A-11`);
    await page.getByText("10 pictures", { exact: true }).waitFor();
    expect(await page.getByRole("searchbox", { name: "Search by name" }).inputValue()).toBe("A-11");
    await page.getByRole("combobox", { name: "Show" }).selectOption({ label: "Files that cannot be opened" });
    await page.getByRole("rowheader", { name: "broken.jpg" }).waitFor();
    await page.goBack();
    await page.getByText("10 pictures", { exact: true }).waitFor();
  });

  it("leads from an empty project to the first answer, one open step at a time", async () => {
    const empty = new StandIn({ pictures: 0 });
    await page.goto(`${await empty.start()}/p/3`);
    const steps = page.getByRole("list", { name: "The first three steps" }).getByRole("listitem");
    await steps.first().waitFor();
    expect(await steps.allTextContents()).toEqual(["1. Name what to find✓done", "2. Add picturesFiles, a folder or a zip. They stay on the computer that runs Catwise.Add pictures", "3. Answer–not yet"]);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Add pictures" }).click();
    await page.waitForURL("**/p/3/pictures");
    await empty.stop();
  });

  it("deletes a project when its name is typed, and not before", async () => {
    await open("/p/3/settings", "en");
    await page.getByRole("button", { name: "Delete this project" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("heading").textContent()).toBe("Delete “Panel line B” with 60 pictures and 0 answers?");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Leave it as it is");
    await dialog.getByLabel("Type the name to delete it").fill("Panel line");
    await dialog.getByRole("button", { name: "Delete this project" }).click();
    await dialog.getByText("This is not the name: it is “Panel line B”.").waitFor();
    expect(server.deleted).toBe(false);
    await dialog.getByLabel("Type the name to delete it").fill("Ｐａｎｅｌ line B");
    await dialog.getByRole("button", { name: "Delete this project" }).click();
    await page.waitForURL("**/projects");
    expect(server.deleted).toBe(true);
  });

  it("sorts categories by name and by what is answered, and says so in the address", async () => {
    server.answers.push({ id: "1", picture: "3", category: "9", value: "yes", how: "single", act: "1", at: "2026-11-23T05:00:00.000Z" });
    await open("/p/3", "en");
    const names = (): Promise<string[]> => page.getByRole("table").getByRole("rowheader").allTextContents();
    expect((await names()).map((name) => name.split(" ")[0])).toEqual(["scratch", "dent", "stain"]);
    await page.getByRole("button", { name: "Category" }).click();
    expect((await names()).map((name) => name.split(" ")[0])).toEqual(["dent", "scratch", "stain"]);
    await page.getByRole("button", { name: "Yes", exact: true }).click();
    expect((await names())[0]).toBe("stain");
    expect(await page.getByRole("columnheader", { name: "Yes" }).getAttribute("aria-sort")).toBe("descending");
    expect(new URL(page.url()).search).toBe("?sort=-yes");
    await page.goto(`${origin}/p/3/pictures?sort=-yes`);
    await page.getByRole("combobox", { name: "Order" }).waitFor();
    expect(await page.locator(".category-list li strong").allTextContents()).toEqual(["stain", "scratch", "dent"]);
    server.answers.length = 0;
  });

  it("tells of one picture who said what, how and when, takes it away and brings it back", async () => {
    server.answers.push({ id: "1", picture: "3", category: "7", value: "no", how: "rest", act: "1", at: "2026-11-23T05:00:00.000Z" }, { id: "2", picture: "3", category: "7", value: "yes", how: "single", act: "2", at: "2026-11-23T05:01:00.000Z" });
    await open("/p/3/pictures/3", "en");
    const row = page.getByRole("row", { name: /^scratch/ });
    expect(await row.getByRole("cell").first().textContent()).toBe("Yes");
    await row.getByRole("button", { name: "Every answer about “scratch”" }).click();
    const changes = page.getByRole("table", { name: "Every answer about “scratch”" });
    await changes.waitFor();
    expect(await changes.getByRole("cell").allTextContents()).toEqual(["Sato", "No", "the rest of a screen", "Sato", "Yes", "one by one"]);
    expect(new URL(page.url()).search).toBe("?history=7");
    await page.getByRole("button", { name: "Remove this picture" }).click();
    await page.getByRole("heading", { name: /^“A-103.jpg” was removed by Sato on/ }).waitFor();
    await page.getByRole("button", { name: "Bring it back" }).click();
    await page.getByRole("heading", { name: "A-103.jpg" }).waitFor();
    server.answers.length = 0;
  });

  it("tells at home and on the page it belongs to what broke off, why, and lets it go on or be discarded, also after the page was loaded anew", async () => {
    const job: Job = { id: "21", kind: "import", state: "interrupted", stopping: false, discarded: false, phase: "add", done: 40, total: 90, secondsLeft: null, late: false, outcomes: [], startedBy: "Ito", startedAt: "2026-11-23T05:05:00.000Z", endedAt: "2026-11-23T05:06:00.000Z", problem: null, kept: {}, result: null };
    server.jobs = [
      job,
      { ...job, id: "22", kind: "labels", state: "failed", problem: { code: "output.no-space", params: { detail: "the disk is full." } } },
      { ...job, id: "23", state: "working", endedAt: null },
      { ...job, id: "24", kind: "improve", state: "stopped", result: { version: "5" } },
      { ...job, id: "25", kind: "batch", state: "failed", discarded: true },
    ];
    await open("/p/3", "en");
    const broken = page.getByRole("region", { name: "Unfinished work" });
    await broken.waitFor();
    expect(await broken.locator(".notice").count()).toBe(2);
    expect(await broken.innerText()).toContain("Adding pictures broke off; those read are kept. Catwise was closed during the work.");
    expect(await broken.innerText()).toContain("by Ito");
    expect(await broken.locator("details").textContent()).toContain("output.no-space: the disk is full.");
    await expectAccessible(page);
    await open("/p/3/pictures", "en");
    // What is under way is told of, though this page did not begin it.
    await expect.poll(() => page.getByRole("progressbar", { name: "Reading pictures" }).getAttribute("aria-valuetext")).toContain("40 of 90");
    await page.locator(".notice", { hasText: "Bringing answers from a file broke off" }).getByRole("button", { name: "Discard" }).click();
    await page.getByText("Bringing answers from a file broke off").waitFor({ state: "detached" });
    await page.locator(".notice", { hasText: "Adding pictures broke off" }).getByRole("button", { name: "Continue" }).click();
    await page.getByText("Adding pictures broke off").waitFor({ state: "detached" });
    expect(server.jobs.map(({ id, state, discarded }) => [id, state, discarded]).slice(0, 2)).toEqual([["21", "working", false], ["22", "failed", true]]);
    await expect.poll(() => page.getByRole("progressbar", { name: "Reading pictures" }).count()).toBe(2);
    server.jobs = [];
  });

  it("promises nothing of a sending that broke off but what the server does", async () => {
    await open("/p/3/pictures", "en");
    await page.route("**/api/v1/projects/3/imports", (request) => request.abort());
    await page.locator("input[type=file]").first().setInputFiles({ name: "A-900.jpg", mimeType: "image/jpeg", buffer: Buffer.from("x") });
    const told = page.getByRole("alert");
    await told.waitFor();
    expect(await told.innerText()).toContain("nothing of it is kept unless reading has begun and is shown below");
    await page.unroute("**/api/v1/projects/3/imports");
  });

  it("groups the pictures that are there anew, and says how many and what that means", async () => {
    await open("/p/3/pictures", "en");
    await page.getByRole("radio", { name: "Yes, the start of the name says it" }).check({ force: true });
    await page.getByText("20 pictures grouped anew. Groups that somebody stated stay.").waitFor();
    const [asked] = await Promise.all([page.waitForRequest((one) => one.method() === "POST" && one.url().endsWith("/imports")), (async () => {
      await page.getByText("A folder on the computer that runs Catwise").click();
      await page.getByRole("textbox", { name: "Where the folder is" }).fill("/data/line-b");
      await page.getByRole("button", { name: "Read this folder" }).click();
    })()]);
    expect(asked.postDataJSON()).toEqual({ folder: "/data/line-b", copy: true });
  });

  it("tells a viewer who may before they try, and takes no answers from them", async () => {
    const viewer = { person: { id: "4", name: "Abe", role: "viewer", createdAt: "2026-11-23T05:05:00.000Z", disabledAt: null }, preferences: { language: null, theme: "system", density: "comfortable", keys: "both" }, csrf: "token" };
    await page.route("**/api/v1/me", (request) => request.fulfill({ json: viewer }));
    const who = page.getByText(/Annotator.*Sato.*Ito|Annotator.*Ito.*Sato/i);
    await open("/p/3/label/7", "en");
    await page.getByRole("gridcell").first().waitFor();
    await who.first().waitFor();
    expect(await page.getByRole("button", { name: "Yes" }).count()).toBe(0);
    await page.getByRole("gridcell").first().click();
    await page.keyboard.press("f");
    await page.keyboard.press("a");
    await expectAccessible(page);
    await open("/p/3/label/picture/3", "en");
    await who.first().waitFor();
    await page.keyboard.press("f");
    expect(await page.getByRole("group", { name: /scratch/ }).count()).toBe(0);
    expect(server.answers).toEqual([]);
    await open("/p/3/pictures", "en");
    // In place of adding pictures, answers from a file and a category.
    await expect.poll(() => who.count()).toBe(3);
    expect(await page.getByRole("button", { name: /Choose pictures|Bring answers|Add it|important/ }).count()).toBe(0);
    await expectAccessible(page);
    await open("/p/3/categories/7", "en");
    expect(await page.getByRole("textbox", { name: "Definition" }).getAttribute("readonly")).not.toBeNull();
    expect(await page.getByRole("button", { name: /Save the changes|Remove this category|Important|Take away/ }).count()).toBe(0);
    await expectAccessible(page);
    await page.unroute("**/api/v1/me");
  });

  it("changes its language in place: the address, what was typed and the scroll stay", async () => {
    await open("/new", "en");
    await page.getByLabel("What to find, one per line").fill("scratch\ndent");
    await page.getByRole("button", { name: "日本語" }).click();
    expect(await page.getByLabel("見つけたいもの（1行に1つ）").inputValue()).toBe("scratch\ndent");
    expect(page.url()).toBe(`${origin}/new`);
    expect(await page.getByText("2個のカテゴリ").isVisible()).toBe(true);
  });

  it("lets an administrator give a new password to whoever has forgotten theirs", async () => {
    const asked: unknown[] = [];
    await page.route("**/api/v1/people/2", (request) => {
      asked.push(request.request().postDataJSON());
      return request.fulfill({ json: { id: "2", name: "Ito", role: "annotator", createdAt: "2026-11-23T05:05:00.000Z", disabledAt: null } });
    });
    await open("/people", "en");
    await page.getByRole("button", { name: "New password for Ito" }).click();
    await page.getByRole("dialog").getByLabel("New password").fill("a longer password");
    await page.getByRole("dialog").getByRole("button", { name: "Set the password" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(asked).toEqual([{ password: "a longer password" }]);
    await page.unroute("**/api/v1/people/2");
  });

  it("lists several faults of a form on top and takes the focus there, stands by each field, keeps what was typed, and goes to the field where there is one", async () => {
    for (const [language, go, first, second] of [
      ["en", "Make me the administrator", "Your name: Fill this in.", "The password has 5 characters; 10 are needed."],
      ["ja", "管理者を登録する", "名前：入力してください。", "パスワードは5文字です。10文字以上が必要です。"],
    ] as const) {
      await open("/setup#a-token-that-works-once", language);
      await page.locator("input[name=password]").fill("short");
      await page.getByRole("button", { name: go }).click();
      const top = page.getByRole("alert");
      await expect.poll(() => top.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await top.getByRole("link").allTextContents()).toEqual([first, expect.stringContaining(second)]);
      expect(await page.locator(".wrong").allTextContents()).toEqual([first.replace(/^.*?[:：] ?/, ""), second]);
      expect(await page.locator("input[aria-invalid=true]").count()).toBe(2);
      await expectAccessible(page);
      await top.getByRole("link").last().click();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
      expect(await page.locator("input[name=password]").inputValue()).toBe("short");
      // The one-time link stays in the address.
      expect(new URL(page.url()).hash).toBe("#a-token-that-works-once");
      await page.locator("input[name=password]").fill("a long password");
      await page.getByRole("button", { name: go }).click();
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("name");
      expect(await page.getByRole("alert").count()).toBe(0);
    }
  });

  it("lists what the server refused of several fields, with the code to copy, and no more once it is sent again", async () => {
    let refused = true;
    await page.route("**/api/v1/people", (request) => {
      if (request.request().method() !== "POST" || !refused) return request.fallback();
      refused = false;
      const fields = [
        { path: "password", code: "field.too-small", params: { minimum: 10 } },
        { path: "name", code: "state.conflict", params: {} },
      ];
      return request.fulfill({ status: 400, contentType: "application/problem+json", json: { type: "about:blank", status: 400, title: "", code: "request.invalid", params: {}, fields, requestId: "r7" } });
    });
    await open("/people", "en");
    await page.getByRole("button", { name: "Add a person" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Mori");
    await dialog.getByLabel("First password").fill("a long password");
    await dialog.locator("button[type=submit]").click();
    await dialog.getByRole("alert").getByRole("link").first().waitFor();
    expect(await dialog.getByRole("alert").getByRole("link").allTextContents()).toEqual(["Name: What is stored now does not allow this. Nothing was changed; look at the page again.", "First password: This is too short; 10 are needed at least."]);
    expect(await dialog.getByText("Code: request.invalid · r7").isVisible()).toBe(true);
    await dialog.locator("button[type=submit]").click();
    await expect.poll(() => dialog.getByRole("link").count()).toBe(0);
    await page.unroute("**/api/v1/people");
  });

  it("tells while pictures are sent how long it will still take, and nothing of it in the first seconds", async () => {
    const own = await (await browser.newContext({ locale: "en-GB" })).newPage();
    // A connection that is as slow as the test says.
    await own.addInitScript(() => {
      const upload: { onprogress?: (told: { loaded: number; total: number }) => void } = {};
      Object.assign(globalThis, {
        XMLHttpRequest: class {
          readonly upload = upload;
          open(): void {}
          setRequestHeader(): void {}
          send(): void {}
        },
        progress: (loaded: number) => upload.onprogress?.({ loaded, total: 5_000_000 }),
      });
    });
    await own.clock.install();
    await own.goto(`${origin}/p/3/pictures`);
    const bar = own.getByRole("progressbar");
    const told = async (seconds: number, loaded: number): Promise<string | null> => {
      await own.clock.runFor(1000 * seconds - 500);
      await own.evaluate((sent) => (globalThis as unknown as { progress: (loaded: number) => void }).progress(sent), loaded);
      await own.clock.runFor(500);
      return bar.getAttribute("aria-valuetext");
    };
    await own.locator("input[type=file][accept]").setInputFiles({ name: "A.jpg", mimeType: "image/jpeg", buffer: Buffer.from("x") });
    await bar.waitFor();
    expect(await told(1, 20_000)).toBe("0 % of 5 MB");
    // 1 MB in 20 s: 4 MB take 80 s more.
    expect(await told(19, 1_000_000)).toBe("20 % of 5 MB, about 2 minutes left");
    expect(await told(40, 3_000_000)).toBe("60 % of 5 MB, less than a minute left");
    await own.context().close();
  });

  it("keeps what is typed about a category while its star is pressed, and stores it when asked", async () => {
    await open("/p/3/categories/8", "en");
    await page.getByLabel("Definition", { exact: true }).fill("A hollow deeper than 1 mm.");
    await page.getByRole("button", { name: "Make it important" }).click();
    await page.getByRole("button", { name: "Important", exact: true }).waitFor();
    expect(await page.getByLabel("Definition", { exact: true }).inputValue()).toBe("A hollow deeper than 1 mm.");
    expect(await page.getByText("The changes are saved.").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Save the changes" }).click();
    await page.getByText("The changes are saved.").waitFor();
    await open("/p/3/categories/8", "en");
    expect(await page.getByLabel("Definition", { exact: true }).inputValue()).toBe("A hollow deeper than 1 mm.");
  });
});
