/// <reference lib="dom" />
import { networkInterfaces } from "node:os";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executable, launch, overflow, station, tablet } from "./browser.ts";
import { StandIn } from "./stand-in.ts";

let browser: Browser;
let page: Page;
let server: StandIn;
let origin = "";

/** Where other computers would reach this one; absent on a machine without a network. */
const outside = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

async function begin(pictures: number, path = "/p/3/label/7", host = "127.0.0.1"): Promise<void> {
  server = new StandIn({ pictures });
  origin = await server.start(host);
  await page.goto(origin + path);
}

/** Waits for it: the machine may be testing other things meanwhile. */
function soon<T>(look: () => T): ReturnType<typeof expect.poll<Awaited<T>>> {
  return expect.poll(look as () => Awaited<T>, { timeout: 10_000, interval: 20 });
}

const tile = (name: string): ReturnType<Page["getByRole"]> => page.getByRole("gridcell", { name: new RegExp(`^${name}`) });
const focusedName = (): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
const mark = (): ReturnType<Page["locator"]> => page.locator(".saved");
const stored = (): readonly string[] => server.answers.map((one) => `${one.picture} ${one.value} ${one.how}`);

describe.skipIf(executable === undefined)("labelling (skipped where neither Chromium nor Chrome is installed)", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    page = await (await browser.newContext({ locale: "en-GB", viewport: station })).newPage();
  });
  afterEach(async () => {
    await page.context().close();
    await server.stop();
  });

  it("answers by one key, marks it at once, goes to the next picture and says saved when the server has it", async () => {
    await begin(60);
    await tile("A-101").waitFor();
    await soon(focusedName).toBe("A-101.jpg, not asked");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("l");
    await soon(focusedName).toMatch(/^A-104/);
    expect([await tile("A-101").getAttribute("aria-label"), await tile("A-102").getAttribute("aria-label")]).toEqual(["A-101.jpg, Yes", "A-102.jpg, No"]);
    await soon(() => mark().textContent()).toMatch(/^● saved \d\d:\d\d$/);
    expect(stored()).toEqual(["1 yes single", "2 no single", "3 unsure single"]);
  });

  it("goes from key to next picture within a few frames with 100,000 pictures", async () => {
    await begin(100_000);
    await tile("A-101").waitFor();
    await soon(focusedName).toMatch(/^A-101/);
    const times = await page.evaluate(async () => {
      const taken: number[] = [];
      for (let k = 0; k < 15; k++) {
        const before = document.activeElement?.getAttribute("data-index");
        const start = performance.now();
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "j", code: "KeyJ", bubbles: true, cancelable: true }));
        while (document.activeElement?.getAttribute("data-index") === before) await new Promise(requestAnimationFrame);
        taken.push(performance.now() - start);
      }
      return taken.sort((a, b) => a - b);
    });
    // The budget is 50 ms; half of the presses must hold it even on a machine that tests other things meanwhile.
    expect(times[7]).toBeLessThan(50);
  });

  it("draws no more than what is in view of 100,000 pictures, and keeps the focused row while it scrolls", async () => {
    await begin(100_000);
    await tile("A-101").waitFor();
    const scroller = page.locator(".scroller");
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await soon(() => page.getByRole("gridcell").nth(40).getAttribute("aria-label")).toMatch(/^A-\d{5}/);
    expect(await page.getByRole("gridcell").count()).toBeLessThan(150);
    expect(await page.locator('[data-index="0"]').count()).toBe(1);
    await page.locator('[data-index="0"]').focus();
    await page.keyboard.press("Control+End");
    await soon(focusedName).toMatch(/^A-100100/);
  });

  it.skipIf(outside === undefined)("works over plain http from another computer, where browsers have fewer means (skipped on a machine without a network)", async () => {
    await begin(60, "/p/3/label/7", outside);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("j");
    await soon(() => mark().textContent()).toMatch(/^● saved/);
    expect(stored()).toEqual(["1 yes single"]);
  });

  it("leads to the next category once every picture was asked, and to Home after the last", async () => {
    await begin(2);
    for (const onward of ["Go on to “dent” (2 not asked yet)", "Go on to “stain” (2 not asked yet)", "See what to do next"]) {
      await soon(focusedName).toBe("A-101.jpg, not asked");
      await page.keyboard.press("j");
      await soon(focusedName).toBe("A-102.jpg, not asked");
      await page.keyboard.press("k");
      await soon(() => mark().textContent()).toMatch(/^● saved \d\d:\d\d$/);
      await page.reload();
      await page.getByText("All asked.").waitFor();
      await page.getByRole("link", { name: onward }).click();
    }
    await soon(() => new URL(page.url()).pathname).toBe("/p/3");
  });

  it("does not answer 30 pictures when an elbow leans on the key", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.down("j");
    for (let k = 0; k < 10; k++) await page.keyboard.down("j");
    await page.keyboard.up("j");
    await soon(() => stored()).toEqual(["1 yes single"]);
  });

  it("answers nothing by an Enter that is held: neither while it opens a picture nor on a button", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    for (let k = 0; k < 6; k++) await page.keyboard.down("Enter");
    await page.getByRole("dialog").waitFor();
    for (let k = 0; k < 6; k++) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    expect(await page.getByRole("dialog").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Yes", exact: true }).focus();
    for (let k = 0; k < 6; k++) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await soon(() => stored()).toEqual(["1 yes single"]);
  });

  it("gives Space back to the picture when an answer was clicked on the sheet", async () => {
    await begin(60, "/p/3/label/picture/3");
    const answers = page.getByRole("group", { name: "Does this show a “scratch”?" }).last();
    await answers.getByRole("button", { name: "No", exact: true }).click();
    await page.getByRole("heading", { name: "Does this show a “dent”?" }).waitFor();
    await page.keyboard.down(" ");
    await page.locator(".viewer-box.full").waitFor();
    await page.keyboard.up(" ");
    await soon(() => server.answers.map((one) => `${one.picture} ${one.category} ${one.value}`)).toEqual(["3 7 no"]);
  });

  it("answers a batch of chosen tiles as one act, and takes it back as one", async () => {
    await begin(60);
    await tile("A-101").click();
    await tile("A-104").click({ modifiers: ["Shift"] });
    expect(await page.getByText("4 chosen").isVisible()).toBe(true);
    await page.getByRole("group", { name: "Does this show a “scratch”?" }).getByRole("button", { name: "No", exact: true }).click();
    await soon(() => stored()).toEqual(["1 no batch", "2 no batch", "3 no batch", "4 no batch"]);
    expect(new Set(server.answers.map((one) => one.act)).size).toBe(1);
    await page.getByRole("button", { name: "Undo: 4 × No" }).click();
    await soon(() => stored()).toEqual([]);
    await soon(() => tile("A-103").getAttribute("aria-label")).toMatch(/not asked$/);
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("Shift+A");
    await soon(() => stored()).toHaveLength(4);
  });

  it("answers the picture in view alone while it is large, and leaves what is chosen behind it", async () => {
    await begin(60);
    await tile("A-101").click();
    await tile("A-104").click({ modifiers: ["Shift"] });
    await tile("A-107").dblclick();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("j");
    await soon(() => stored()).toEqual(["7 yes single"]);
    expect(await page.getByText("4 chosen").isVisible()).toBe(true);
    await page.keyboard.press("k");
    await soon(() => stored()).toEqual(["7 yes single", "1 no batch", "2 no batch", "3 no batch", "4 no batch"]);
  });

  it("answers all that were chosen, those scrolled out of reach too, and none of them while they cannot be read", async () => {
    await begin(3000);
    await tile("A-101").click();
    await page.locator(".scroller").evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    const far = page.getByRole("gridcell", { name: /^A-1[5-7]\d\d/ }).first();
    const index = Number(await far.getAttribute("data-index"));
    expect(index).toBeGreaterThan(500);
    await far.click({ modifiers: ["Shift"] });
    await page.getByText(`${(index + 1).toLocaleString("en-GB")} chosen`).waitFor();
    server.gone = true;
    await page.keyboard.press("j");
    await page.getByText("The server does not answer").first().waitFor();
    expect(await page.getByText(`${(index + 1).toLocaleString("en-GB")} chosen`).isVisible()).toBe(true);
    server.gone = false;
    await page.getByRole("button", { name: "Try again" }).first().click();
    await soon(() => stored().length).toBe(index + 1);
    expect(new Set(server.answers.map((one) => one.act)).size).toBe(1);
  });

  it("keeps pictures of every shape inside their tiles, and the name in view", async () => {
    await begin(60);
    await tile("A-101").waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>(".tile img")].every((image) => image.complete));
    const crossing = await page.evaluate(() =>
      [...document.querySelectorAll(".tile")].filter((one) => {
        const row = one.parentElement?.getBoundingClientRect();
        const [own, image, name] = [one, one.querySelector("img"), one.querySelector(".caption")].map((part) => part?.getBoundingClientRect());
        return row === undefined || own === undefined || image === undefined || name === undefined || own.bottom > row.bottom + 0.5 || image.bottom > name.top + 0.5 || name.bottom > own.bottom + 0.5;
      }).length,
    );
    expect(crossing).toBe(0);
  });

  it("changes the size of the tiles by the keyboard too", async () => {
    await begin(60);
    await page.getByRole("radio", { name: "M", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await soon(() => page.getByRole("radio", { name: "L", exact: true }).isChecked()).toBe(true);
  });

  it("draws a rectangle with the mouse and chooses what it touches", async () => {
    await begin(60);
    const [from, to] = [await tile("A-101").boundingBox(), await tile("A-102").boundingBox()];
    if (from === null || to === null) throw new Error("no tiles");
    await page.mouse.move(from.x + 20, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(to.x + 30, to.y + 40, { steps: 4 });
    await page.mouse.up();
    expect(await page.getByText("2 chosen").isVisible()).toBe(true);
  });

  it("says no for the rest of the screen: only tiles wholly in view, their number on the button, one undo", async () => {
    await begin(200);
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("j");
    const label = await page.getByRole("button", { name: /The rest of this screen is no/ }).textContent();
    const promised = Number(/\((\d+)\)/.exec(label ?? "")?.[1]);
    expect(promised).toBeGreaterThan(3);
    await page.keyboard.press("Shift+K");
    await soon(() => server.answers.filter((one) => one.how === "rest").length).toBe(promised);
    const inView = await page.evaluate(() => {
      const box = document.querySelector(".scroller")?.getBoundingClientRect();
      return [...document.querySelectorAll(".tile")].filter((one) => box !== undefined && one.getBoundingClientRect().top >= box.top - 1 && one.getBoundingClientRect().bottom <= box.bottom + 1).length;
    });
    expect(promised).toBeLessThanOrEqual(inView);
    await page.keyboard.press("a");
    await soon(() => stored()).toEqual(["1 yes single"]);
  });

  it("keeps answers while the server is gone, over a reload too, and never says saved meanwhile", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    server.gone = true;
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await soon(() => mark().textContent()).toContain("not saved yet: 2, trying again");
    await page.getByText("The server does not answer. 2 answers are kept on this computer").waitFor({ timeout: 8000 });
    expect(await page.getByText(/saved \d\d:/).count()).toBe(0);
    expect(stored()).toEqual([]);
    server.gone = false;
    page.once("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await soon(() => stored()).toEqual(["1 yes single", "2 no single"]);
  });

  it("tells how many were saved when the server is back", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    server.gone = true;
    await page.keyboard.press("j");
    await soon(() => mark().textContent()).toContain("trying again");
    server.gone = false;
    await soon(() => mark().textContent()).toContain("1 answer saved");
  });

  it("asks for the password in place when the session has ended, and loses nothing", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    server.sessionEnded = true;
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Your session has ended" }).waitFor();
    expect(await mark().textContent()).toContain("waiting for your password");
    await page.getByLabel("Password").fill("a long password");
    await page.getByRole("button", { name: "Go on as Sato" }).click();
    await soon(() => stored()).toEqual(["1 yes single"]);
    expect(page.url()).toContain("/p/3/label/7");
    // The list is the one that was frozen on arrival, with its answers, and the keys go on in it.
    await soon(focusedName).toBe("A-102.jpg, not asked");
    expect(await tile("A-101").getAttribute("aria-label")).toBe("A-101.jpg, Yes");
    await page.keyboard.press("k");
    await soon(() => stored()).toEqual(["1 yes single", "2 no single"]);
  });

  it("lists an answer that was rejected with its picture and its category, and does not drop it", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    server.removed.add("7");
    await page.keyboard.press("j");
    await page.getByText("1 answer could not be stored.").waitFor();
    await page.getByRole("button", { name: "Show them" }).click();
    expect(await page.getByRole("dialog").getByRole("link").getAttribute("href")).toBe("/p/3/label/picture/1");
    await page.getByRole("dialog").getByRole("img", { name: "A-101.jpg" }).waitFor();
    expect(await page.getByRole("dialog").getByRole("listitem").innerText()).toMatch(/^A-101\.jpg · “scratch”: Yes\s+The category was removed meanwhile\.$/);
  });

  it("opens a link at the very picture, and writes the picture into the address where the focus rests", async () => {
    await begin(3000, "/p/3/label/7?show=all&at=1500");
    await soon(() => page.title()).toBe("scratch · Label · Panel line B · Catwise");
    await soon(focusedName).toMatch(/^A-1600/);
    await page.keyboard.press("j");
    await soon(stored).toEqual(["1500 yes single"]);
    await soon(focusedName).toMatch(/^A-1601/);
    await soon(() => new URL(page.url()).searchParams.get("at")).toBe("1501");
    await page.reload();
    await soon(focusedName).toMatch(/^A-1601/);
  });

  it("says so when the list does not hold the picture of the address, and shows it among all", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("j");
    await soon(stored).toEqual(["1 yes single"]);
    await page.goto(`${origin}/p/3/label/7?at=1`);
    await page.getByText("The picture this address leads to is not in this list.").waitFor();
    await page.getByRole("link", { name: "Show it among all pictures" }).click();
    await soon(focusedName).toBe("A-101.jpg, Yes");
  });

  it("moves to the picture and the category of what undo took back, wherever they are", async () => {
    await begin(3000, "/p/3/label/7?show=all");
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("j");
    await soon(stored).toEqual(["1 yes single"]);
    await page.keyboard.press("Control+End");
    await soon(focusedName).toMatch(/^A-3100/);
    await page.keyboard.press("a");
    await soon(focusedName).toBe("A-101.jpg, not asked");
    await page.keyboard.press("j");
    await soon(stored).toEqual(["1 yes single"]);
    await page.getByRole("combobox", { name: "Category" }).selectOption("8");
    await page.getByRole("heading", { name: "Does this show a “dent”?" }).waitFor();
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("a");
    await page.getByRole("heading", { name: "Does this show a “scratch”?" }).waitFor();
    await soon(focusedName).toBe("A-101.jpg, not asked");
  });

  it("hears a key that is pressed in the moment the next picture comes", async () => {
    await begin(60, "/p/3/label/picture/3");
    await page.getByRole("heading", { name: "Does this show a “scratch”?" }).waitFor();
    await soon(() => page.evaluate(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/pictures/4/sheet")))).toBe(true);
    server.slow = 3000;
    // Within one frame of each other.
    await page.evaluate(async () => {
      for (const key of ["g", "k"]) {
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true }));
        await new Promise(requestAnimationFrame);
      }
    });
    await soon(() => server.answers.map((one) => `${one.picture} ${one.category} ${one.value}`)).toEqual(["4 7 no"]);
  });

  it("hides the model's guess until it is asked for, and again with the next picture", async () => {
    await begin(60, "/p/3/label/picture/3");
    await page.getByText("The model’s guess is hidden.").waitFor();
    expect(await page.getByText(/model: yes/).count()).toBe(0);
    await page.getByRole("button", { name: "Show it" }).click();
    await page.getByText("model: yes, 83%").waitFor();
    expect(await page.getByText("model: yes, under 1%").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Next picture" }).click();
    await soon(() => page.url()).toMatch(/picture\/4$/);
    await page.getByText("The model’s guess is hidden.").waitFor();
    expect(await page.getByText(/model: yes/).count()).toBe(0);
  });

  it("asks on the sheet for what is not asked alone, and says so in the address", async () => {
    await begin(60, "/p/3/label/picture/3");
    await page.getByRole("heading", { name: "Does this show a “scratch”?" }).waitFor();
    await page.keyboard.press("f");
    await page.getByRole("checkbox", { name: "Only what is not asked" }).check();
    expect(new URL(page.url()).search).toBe("?only=unasked");
    await soon(() => page.locator(".sheet-name").allTextContents()).toEqual(["dent", "stain"]);
    await page.locator(".sheet").focus();
    await page.keyboard.press("f");
    await page.getByRole("heading", { name: "Does this show a “stain”?" }).waitFor();
    expect(await page.locator(".sheet-name").allTextContents()).toEqual(["dent", "stain"]);
    await page.keyboard.press("f");
    await soon(() => page.url()).toMatch(/picture\/4\?only=unasked$/);
    await soon(() => page.locator(".sheet-name").count()).toBe(3);
  });

  it("gives the focus back to what opened a dialog", async () => {
    await begin(60);
    server.removed.add("7");
    await soon(focusedName).toMatch(/^A-101/);
    await page.keyboard.press("j");
    const opener = page.getByRole("button", { name: "Show them" });
    await opener.click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await soon(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it("gives the focus back to the tile when the key list is closed, over windows of other sizes too, and with it the keys", async () => {
    await begin(60);
    await page.setViewportSize({ width: 1280, height: 800 });
    await soon(focusedName).toMatch(/^A-101/);
    for (let k = 0; k < 3; k++) await page.keyboard.press("j");
    await soon(focusedName).toMatch(/^A-104/);
    const columns = (): Promise<string | null> => page.locator(".tiles").getAttribute("aria-colcount");
    const wide = await columns();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.setViewportSize({ width: 834, height: 1112 });
    await soon(columns).not.toBe(wide);
    await page.setViewportSize({ width: 1280, height: 800 });
    await soon(columns).toBe(wide);
    await page.keyboard.press("Escape");
    await soon(focusedName).toMatch(/^A-104/);
    // Without a dialog too: the tile is drawn anew in another row.
    await page.setViewportSize({ width: 834, height: 1112 });
    await soon(columns).not.toBe(wide);
    await soon(focusedName).toMatch(/^A-104/);
    await page.keyboard.press("k");
    await soon(stored).toEqual(["1 yes single", "2 yes single", "3 yes single", "4 no single"]);
  });

  it("gives the focus back to the picture when the key list is closed on the sheet", async () => {
    await begin(60, "/p/3/label/picture/3");
    await page.getByRole("heading", { name: "Does this show a “scratch”?" }).waitFor();
    await page.getByRole("button", { name: "Next picture" }).focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await soon(() => page.evaluate(() => document.activeElement?.className)).toBe("label sheet");
  });

  it("hears the keys where nothing but the page around the pictures has the focus", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    await page.locator("#content").focus();
    await page.keyboard.press("j");
    await soon(stored).toEqual(["1 yes single"]);
    await soon(focusedName).toMatch(/^A-102/);
  });

  it("brings the picture with the focus back in view before it takes an answer, where it was scrolled far away", async () => {
    await begin(3000);
    await soon(focusedName).toMatch(/^A-101/);
    await page.locator(".scroller").evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await tile("A-3100").waitFor();
    await page.keyboard.press("j");
    await soon(() => page.locator(".scroller").evaluate((element) => element.scrollTop)).toBe(0);
    await soon(() => tile("A-101").count()).toBe(1);
    expect(stored()).toEqual([]);
    await page.keyboard.press("j");
    await soon(stored).toEqual(["1 yes single"]);
  });

  it("keeps the ring of the tile with the focus clear of the answers below, while they are given", async () => {
    await begin(60);
    await page.setViewportSize({ width: 1280, height: 800 });
    await soon(focusedName).toMatch(/^A-101/);
    const room = (): Promise<number | null> =>
      page.evaluate(() => {
        const [box, focused] = [document.querySelector(".scroller"), document.activeElement].map((element) => element?.getBoundingClientRect());
        return box === undefined || focused === undefined ? null : Math.min(box.bottom - focused.bottom, focused.top - box.top);
      });
    for (let k = 0; k < 25; k++) {
      const before = await focusedName();
      await page.keyboard.press("j");
      await soon(focusedName).not.toBe(before);
      expect(await room(), `after ${String(k + 1)} answers`).toBeGreaterThanOrEqual(6);
    }
  });

  it("knows the place of a picture that was added while others were looked at", async () => {
    await begin(60, "/p/3/label/picture/3");
    await page.getByText("3 of 60").waitFor();
    server.pictures = 61;
    await page.evaluate(() => {
      history.pushState(null, "", "/p/3/label/picture/61");
    });
    await page.getByText("61 of 61").waitFor();
  });

  it("does not say no over an answer that still waits when the picture is opened by itself", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    server.gone = true;
    await page.keyboard.press("j");
    await soon(() => mark().textContent()).toContain("trying again");
    server.held = true;
    server.gone = false;
    await tile("A-101").dblclick();
    await page.getByRole("dialog").getByRole("link", { name: "A-101.jpg" }).click();
    await page.getByText("1 of 3 answered here").waitFor();
    await page.keyboard.press("Shift+D");
    server.held = false;
    await soon(() => server.answers.map((one) => `${one.picture} ${one.category} ${one.value}`)).toEqual(["1 7 yes", "1 8 no", "1 9 no"]);
  });

  it("marks an answer that was refused no more", async () => {
    await begin(60);
    await soon(focusedName).toMatch(/^A-101/);
    server.removed.add("7");
    await page.keyboard.press("j");
    await page.getByText("1 answer could not be stored.").waitFor();
    await soon(() => tile("A-101").getAttribute("aria-label")).toBe("A-101.jpg, not asked");
    expect(await page.getByText("Nothing to undo").isVisible()).toBe(true);
  });

  it("goes through the categories of one picture and then to the next picture", async () => {
    await begin(60, "/p/3/label/picture/3");
    await page.getByRole("heading", { name: "Does this show a “scratch”?" }).waitFor();
    await page.keyboard.press("f");
    await page.getByRole("heading", { name: "Does this show a “dent”?" }).waitFor();
    await page.keyboard.press("Shift+D");
    await soon(() => page.url()).toMatch(/picture\/4$/);
    await soon(() => server.answers.map((one) => `${one.picture} ${one.category} ${one.value} ${one.how}`)).toEqual(["3 7 yes single", "3 8 no rest", "3 9 no rest"]);
    await page.keyboard.press("a");
    await soon(() => page.url()).toMatch(/picture\/3$/);
    await soon(() => stored()).toEqual(["3 yes single"]);
    await page.getByRole("heading", { name: "Does this show a “dent”?" }).waitFor();
  });

  it.each([
    ["desktop", station],
    ["tablet", tablet],
  ] as const)("needs no scrolling on a %s, its answers are 64 pixels tall, and who is answering is in view", async (_, size) => {
    await page.setViewportSize(size);
    for (const path of ["/p/3/label/7", "/p/3/label/picture/3"]) {
      await begin(60, path);
      for (const name of ["Yes", "No", "Don’t know"]) {
        const box = await page.getByRole("group", { name: /Does this show a “scratch”/ }).last().getByRole("button", { name, exact: true }).boundingBox();
        expect(box?.height, name).toBeGreaterThanOrEqual(64);
        expect((box?.y ?? 1e9) + (box?.height ?? 0), name).toBeLessThanOrEqual(size.height);
      }
      expect(await page.getByText("Answering as: Sato").isVisible()).toBe(true);
      expect(await overflow(page)).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight)).toBeLessThanOrEqual(0);
      await server.stop();
    }
    await begin(1);
  });
});
