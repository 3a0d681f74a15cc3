/// <reference lib="dom" />
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { predictions } from "../../src/server/contract/index.ts";
import { executable, expectAccessible, launch, overflow, station } from "./browser.ts";
import { Newcomer } from "./walk/newcomer.ts";
import { kill, start } from "./walk/server.ts";

const pack = resolve(import.meta.dirname, "../../../shared/data/packs/elpv");

/** Two of the pack's categories, as people at the line would name them. */
const languages = {
  en: { locale: "en-GB", project: "Solar cells", person: "Sato", categories: ["single crystal", "defect"], key: "camera 1" },
  ja: { locale: "ja-JP", project: "太陽電池セル", person: "佐藤", categories: ["単結晶", "欠陥"], key: "カメラ1" },
} as const;

interface Cell {
  readonly file: string;
  readonly truth: readonly [boolean, boolean];
}

/** Every so manieth of the pack's photographs, with what experts say: monocrystalline, and defective with any certainty. */
function cells(count: number): Cell[] {
  const rows = readFileSync(join(pack, "labels.csv"), "utf8").trim().split("\n").slice(1);
  const step = Math.floor(rows.length / count);
  return Array.from({ length: count }, (_, at) => {
    const [image, crystal, defect] = rows[at * step].split(",");
    return { file: join(pack, image), truth: [crystal === "1", defect === "1"] };
  });
}

async function predict(origin: string, key: string, files: readonly string[]): Promise<z.infer<typeof predictions>["pictures"]> {
  const form = new FormData();
  for (const file of files) form.append("files", new Blob([readFileSync(file)]), basename(file));
  const response = await fetch(`${origin}/api/v1/predict`, { method: "POST", headers: { "x-api-key": key }, body: form });
  expect(response.status).toBe(200);
  return ((await response.json()) as z.infer<typeof predictions>).pictures;
}

let browser: Browser;

describe.skipIf(executable === undefined || !existsSync(pack))("a newcomer's whole path (skipped where there is no browser, or no ../shared/data)", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each(["en", "ja"] as const)(
    "leads from the printed link to a version that answers programs, and back for one category, with all of it in the log (%s)",
    async (language) => {
      const { locale, project, person, categories, key: keyName } = languages[language];
      const [crystal, defect] = categories;
      const [fresh, another, ...shown] = cells(62);
      const truths = new Map(shown.map(({ file, truth }) => [basename(file), truth]));
      const folder = mkdtempSync(join(tmpdir(), "catwise-path-"));
      const { server, link } = await start(join(folder, "workspace"));
      const { origin } = new URL(link);
      const page: Page = await (await browser.newContext({ locale, viewport: station })).newPage();
      const wrong: string[] = [];
      const newcomer = await Newcomer.in(language, page);
      const { say } = newcomer;
      const good = async (): Promise<void> => {
        await newcomer.settled();
        await expectAccessible(page);
        expect(await overflow(page)).toBe(0);
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      };
      try {
        await newcomer.register(link, person, "a long password");
        // From here on; before, a page asks who is there and is told that nobody is.
        page.on("console", (message) => wrong.push(message.text()));
        page.on("pageerror", (error) => wrong.push(error.message));
        page.on("request", (request) => {
          if (new URL(request.url()).origin !== origin && !/^(?:data|blob):/.test(request.url())) wrong.push(request.url());
        });
        await newcomer.makeProject(project, categories);
        expect(await newcomer.addPictures(shown.map(({ file }) => file))).toBe(say("pictures", "imported", { added: 60, copies: 0, broken: 0 }));

        // Every picture is asked about once, by what the experts say.
        await page.getByRole("link", { name: say("pictures", "label") }).click();
        for (const [at, category] of categories.entries()) expect(await newcomer.answer(category, (name) => (truths.get(name)?.[at] === true ? "yes" : "no"))).toBe(60);
        await page.getByRole("link", { name: say("label", "onward.home") }).click();
        await page.getByRole("heading", { name: say("codes", "standing.answering", { answered: 120, all: 120 }) }).waitFor();
        for (const [at, category] of categories.entries()) {
          const yes = shown.filter(({ truth }) => truth[at]).length;
          await page.getByRole("row", { name: `${category} ${String(yes)} ${String(60 - yes)} 0 0 0` }).waitFor();
        }

        await newcomer.startModel();
        await good();
        await page.getByRole("link", { name: say("model", "improve") }).click();
        await page.getByText(say("improve", "ready.yes")).nth(1).waitFor();
        await newcomer.improve(2);

        // With a dozen pictures to check on it is too early to tell, and that is said as a step done.
        expect(await page.locator("h1").innerText()).toMatch(new RegExp([say.like("gains", "gain.few.first"), say.like("gains", "gain.few.first.settled")].map(({ source }) => source).join("|")));
        await page.getByText(say.like("compare", "checked")).waitFor();
        await newcomer.button(say("compare", "row.open", { c: defect })).click();
        const slider = page.getByRole("slider", { name: say("compare", "threshold.label") });
        const chosen = await slider.inputValue();
        await newcomer.button(say("compare", "threshold.less")).click();
        await expect.poll(() => slider.inputValue()).not.toBe(chosen);
        expect(Number(await slider.inputValue())).toBeLessThan(Number(chosen));
        await page.getByText(say("compare", "details"), { exact: true }).click();
        await page.locator("figure.chart svg").nth(1).waitFor();
        await good();

        await newcomer.propose("first try");
        await page.getByRole("link", { name: say("compare", "go.live") }).click();
        await newcomer.approve("read, and agreed");
        await good();
        await newcomer.goLive(1, "pilot for two weeks");

        await newcomer.turnTo("use");
        await page.locator("input[type=file]").first().setInputFiles(fresh.file);
        await page.getByRole("article", { name: basename(fresh.file) }).getByRole("rowheader", { name: defect }).waitFor();
        const key = await newcomer.makeKey(keyName);
        await good();
        const said = await predict(origin, key, [fresh.file, another.file]);
        expect(said.map(({ name, version, problem, categories: of }) => [name, version, problem, of.map((one) => one.name)])).toEqual([fresh, another].map(({ file }) => [basename(file), 1, null, categories]));

        await newcomer.turnTo("live");
        await newcomer.rollBack(defect, null, "too many false alarms");
        await expect.poll(() => newcomer.button(say("live", "back.name", { c: defect, what: say("live", "back.go.none") })).count()).toBe(0);
        await good();
        expect((await predict(origin, key, [fresh.file]))[0].categories).toEqual([said[0].categories.find(({ name }) => name === crystal)]);
        await newcomer.rollBack(defect, 1, "the line was too dark that day", undefined, true);
        await expect.poll(() => newcomer.button(say("live", "back.name", { c: defect, what: say("live", "back.go.none") })).count()).toBe(1);
        expect((await predict(origin, key, [fresh.file]))[0].categories).toEqual(said[0].categories);

        await page.getByRole("link", { name: say("live", "log.all") }).click();
        await page.getByRole("heading", { name: say("live", "log") }).waitFor();
        await good();
        await page.getByText(say("live", "log.whole")).waitFor();
        const told = (await page.getByRole("row").allInnerTexts()).slice(1).map((row) => row.split("\t").slice(1).map((cell) => cell.trim()));
        const version = say("live", "log.version", { n: 1 });
        expect(told.reverse()).toEqual([
          [person, say("live", "act.project.made"), ""],
          [person, `${say("live", "act.version.made")} ${version}`, ""],
          [person, `${say("live", "act.comparison.read")} ${version}`, ""],
          [person, `${say("live", "act.version.proposed")} ${version}`, "first try"],
          [person, `${say("live", "act.version.approved.own")} ${version}`, "read, and agreed"],
          [person, `${say("live", "act.version.live")} ${version}`, "pilot for two weeks"],
          [person, say("live", "act.key.made"), ""],
          [person, `${say("live", "act.live.rolled-back")} ${defect}`, "too many false alarms"],
          [person, `${say("live", "act.live.brought-back")} ${version} · ${defect}`, "the line was too dark that day"],
        ]);
        await newcomer.turnTo("report");
        await page.getByRole("heading", { name: say("report", "heading", { project, n: 1 }) }).waitFor();
        await good();
        expect(wrong).toEqual([]);
      } finally {
        await page.context().close();
        await kill(server);
        rmSync(folder, { recursive: true, force: true });
      }
    },
    180_000,
  );
});
