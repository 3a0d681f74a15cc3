/// <reference lib="dom" />
/**
 * What a newcomer does, step by step, by the words on the screen: for the test that walks the whole path, and for the script that takes pictures of it. Every step begins where the one before it ended,
 * and ends when the page says it is done.
 */
import type { Locator, Page } from "playwright-core";
import { sayIn, type Language, type Say } from "./say.ts";

const catalogues = ["common", "codes", "gains", "reasons", "setup", "new-project", "pictures", "category", "label", "home", "model", "improve", "compare", "live", "use", "report", "people", "me", "projects"];
export type Answer = "yes" | "no" | "unsure";
/** With either hand. */
const keys: Readonly<Record<Answer, readonly [string, string]>> = { yes: ["f", "j"], no: ["d", "k"], unsure: ["s", "l"] };

export class Newcomer {
  readonly page: Page;
  readonly say: Say;

  private constructor(page: Page, say: Say) {
    this.page = page;
    this.say = say;
  }

  static async in(language: Language, page: Page): Promise<Newcomer> {
    return new Newcomer(page, await sayIn(language, catalogues));
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** A page of the rail, or of the bar below and its menu on a narrow screen. */
  async turnTo(word: string): Promise<void> {
    const { page, say } = this;
    const name = new RegExp(`^${say("common", `nav.${word}`)}`);
    const here = page.getByRole("navigation", { name: say("common", "nav.main") }).getByRole("link", { name });
    const more = this.button(say("common", "nav.more"));
    await here.or(more).filter({ visible: true }).first().waitFor();
    if (await here.isVisible()) return here.click();
    await more.click();
    await page.getByRole("menuitem", { name }).click();
  }

  /** Nothing is being fetched for the first time any more. */
  async settled(): Promise<void> {
    await this.page.locator("h1").first().waitFor();
    await this.page.waitForFunction(() => document.querySelector(".skeleton") === null);
  }

  async register(link: string, name: string, password: string): Promise<void> {
    const { page, say } = this;
    await page.goto(link);
    await page.getByLabel(say("setup", "name")).fill(name);
    await page.getByLabel(say("setup", "password"), { exact: true }).fill(password);
    await this.button(say("setup", "go")).click();
    await page.getByRole("heading", { name: say("new-project", "sentence") }).waitFor();
  }

  async makeProject(name: string, categories: readonly string[]): Promise<void> {
    const { page, say } = this;
    await page.getByLabel(say("new-project", "categories")).fill(categories.join("\n"));
    await page.getByLabel(say("new-project", "name")).fill(name);
    await this.button(say("new-project", "go")).click();
    await page.getByRole("heading", { name: say("pictures", "sentence.empty") }).waitFor();
  }

  /** Resolves to what the page says came of it. */
  async addPictures(files: readonly string[]): Promise<string> {
    const { page, say } = this;
    await page.locator("input[type=file]").first().setInputFiles([...files]);
    const said = page.getByText(say.like("pictures", "imported"));
    await said.waitFor({ timeout: 60_000 });
    return said.innerText();
  }

  /** Answers the pictures of a category one after another by keys, left and right hand in turn, until `most` are answered or none is left. Begins on Pictures or on a label page. */
  async answer(category: string, truth: (picture: string) => Answer, most = Infinity): Promise<number> {
    const { page, say } = this;
    const question = page.getByRole("heading", { name: say("label", "question", { name: category }) });
    if (!page.url().includes("/label")) await this.turnTo("label");
    const choose = page.getByRole("combobox", { name: say("label", "questionOf") });
    await choose.waitFor();
    if (!(await question.isVisible())) await choose.selectOption({ label: category });
    await question.waitFor();
    let given = 0;
    for (let former: string | null = null; given < most; given++) {
      const tile = await this.#nextTile(former);
      if (tile === null) break;
      await page.keyboard.press(keys[truth(tile.name)][given % 2]);
      former = tile.index;
    }
    await page.locator(".saved").filter({ hasText: new RegExp(say("common", "saved.at", { time: "\\d\\d:\\d\\d" })) }).waitFor();
    return given;
  }

  /** The tile that has the focus once it is another than the former and not asked; null where the last of the list is answered. */
  async #nextTile(former: string | null): Promise<{ readonly index: string; readonly name: string } | null> {
    const { page, say } = this;
    const found = await page.waitForFunction(
      ([before, loading, none]) => {
        const tiles = [...document.querySelectorAll<HTMLElement>("[role=gridcell]")];
        const focused = tiles.find((tile) => tile === document.activeElement);
        const said = focused?.getAttribute("aria-label") ?? "";
        if (focused !== undefined && focused.dataset["index"] !== before && said !== loading && said.endsWith(none)) return { index: focused.dataset["index"] ?? "", name: said.slice(0, -none.length - 1).trim().replace(/,$/, "") };
        const open = tiles.filter((tile) => [loading, none].some((state) => tile.getAttribute("aria-label")?.endsWith(state) === true));
        return tiles.length > 0 && open.length === 0 ? "all" : false;
      },
      [former, say("label", "tile.loading"), say("label", "none")] as const,
      { polling: 5 },
    );
    const value = await found.jsonValue();
    return value === "all" || value === false ? null : value;
  }

  async startModel(): Promise<void> {
    const { page, say } = this;
    await this.turnTo("model");
    await this.button(say("model", "start.go")).click();
    await page.getByRole("heading", { name: say("model", "own") }).waitFor();
  }

  /** Presses the one button and waits until the result is there; `looking` is called once the work is under way. */
  async improve(categories: number, looking: () => Promise<void> = async () => undefined): Promise<void> {
    const { page, say } = this;
    await this.turnTo("improve");
    await this.button(say("improve", "go", { n: categories })).click();
    await page.waitForURL(/\/improve\/\d+$|\/compare\//);
    await looking();
    // Who watches it to its end is led to the result; where it was faster than the page, a link leads there.
    const read = page.getByRole("link", { name: say("improve", "done.go") });
    await page.waitForFunction((text) => location.pathname.includes("/compare/") || [...document.querySelectorAll("main a")].some((link) => link.textContent === text), say("improve", "done.go"), { timeout: 120_000 });
    await page.waitForURL(/\/compare\//, { timeout: 5_000 }).catch(() => read.click());
    await this.button(say("compare", "propose")).waitFor({ timeout: 60_000 });
  }

  /** On Compare. */
  async propose(reason: string): Promise<void> {
    const { page, say } = this;
    await this.button(say("compare", "propose")).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("compare", "reason")).fill(reason);
    await dialog.getByRole("button", { name: say("compare", "propose") }).click();
    await page.getByRole("link", { name: say("compare", "go.live") }).waitFor();
  }

  /** On Go live: what was proposed. */
  async approve(reason: string): Promise<void> {
    await this.#decide(reason, "approve");
    await this.button(this.say("live", "makeLive")).waitFor();
  }

  /** On Go live: what was approved. */
  async goLive(number: number, reason: string): Promise<void> {
    await this.#decide(reason, "makeLive");
    await this.page.getByRole("heading", { name: this.say.like("live", "live", { n: number }) }).waitFor();
  }

  async #decide(reason: string, step: string): Promise<void> {
    await this.button(this.say("live", step)).waitFor();
    await this.page.getByLabel(this.say("live", "reason")).fill(reason);
    await this.button(this.say("live", step)).click();
  }

  /** On Use; resolves to the key, which is shown once. */
  async makeKey(name: string, looking: () => Promise<void> = async () => undefined): Promise<string> {
    const { page, say } = this;
    await page.getByLabel(say("use", "keys.name")).fill(name);
    await this.button(say("use", "keys.make")).click();
    const key = await page.getByRole("dialog").locator("code.key").innerText();
    await looking();
    await this.button(say("use", "keys.read")).click();
    return key;
  }

  /** On Go live: one category back to the version before, or off where there is none (null); or forward `again` to the one that was left. */
  async rollBack(category: string, to: number | null, reason: string, looking: () => Promise<void> = async () => undefined, again = false): Promise<void> {
    const { page, say } = this;
    const what = to === null ? say("live", "back.go.none") : say("live", again ? "back.go.again" : "back.go", { n: to });
    await this.button(say("live", "back.name", { c: category, what })).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("live", "reason")).fill(reason);
    await looking();
    await dialog.getByRole("button", { name: what }).click();
    await dialog.waitFor({ state: "detached" });
  }
}
