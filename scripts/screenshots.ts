/**
 * Pictures of every page of the app, from a newcomer's whole path on the real server, with drawn plates: at desktop and tablet width, in both languages.
 *
 *   npm run build && node scripts/screenshots.ts [--out DIR] [--languages en,ja] [--plates 600] [--guide]
 *
 * They are for looking at; --guide renews those of docs/guide as well.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { executable, launch } from "../test/app/walk/chromium.ts";
import { Newcomer } from "../test/app/walk/newcomer.ts";
import { kill, start } from "../test/app/walk/server.ts";
import type { Language } from "../test/app/walk/say.ts";
import { camera, desktop } from "./screenshots/camera.ts";
import { defects, writePlates, type Defect, type Plate } from "./screenshots/plates.ts";

const { values: given } = parseArgs({
  options: {
    out: { type: "string", default: join(tmpdir(), "catwise-screenshots") },
    languages: { type: "string", default: "en,ja" },
    plates: { type: "string", default: "600" },
    guide: { type: "boolean", default: false },
  },
});

interface Story {
  readonly locale: string;
  readonly person: string;
  readonly colleague: string;
  readonly project: string;
  readonly names: Readonly<Record<Defect, string>>;
  readonly definition: string;
  readonly proposed: string;
  readonly agreed: string;
  readonly pilot: string;
  readonly second: string;
  readonly back: string;
  readonly key: string;
}

const stories: Readonly<Record<Language, Story>> = {
  en: {
    locale: "en-GB",
    person: "Sato",
    colleague: "Mori",
    project: "Plates, line B",
    names: { scratch: "scratch", dent: "dent", stain: "stain", "missing-hole": "missing hole" },
    definition: "A hollow more than 5 mm wide, visible in light from the side.",
    proposed: "First try with the pictures of this week",
    agreed: "Read together with quality assurance",
    pilot: "Trial on line B for two weeks",
    second: "Answers of three months are in it",
    back: "Oil spots are called stains; we look at them first",
    key: "Camera, line B",
  },
  ja: {
    locale: "ja-JP",
    person: "佐藤",
    colleague: "森",
    project: "鋼板B線",
    names: { scratch: "傷", dent: "へこみ", stain: "汚れ", "missing-hole": "穴の欠落" },
    definition: "幅5 mmを超え、横からの光で見えるくぼみ。",
    proposed: "今週の画像で最初に試したもの",
    agreed: "品質保証と一緒に確認済み",
    pilot: "B線で2週間の試験導入",
    second: "3か月分の答えを使用",
    back: "油のしみを汚れと判定するため、先に原因を調べる",
    key: "B線カメラ",
  },
};

/** The label file of somebody who has answered before: a column for each category. */
function labelFile(plates: readonly Plate[], names: Story["names"]): string {
  return [["image", ...defects.map((defect) => names[defect])], ...plates.map(({ name, shows }) => [name, ...defects.map((defect) => (shows.has(defect) ? "1" : "0"))])].map((row) => row.join(",")).join("\n");
}

async function walk(browser: Browser, language: Language, plates: readonly Plate[], folder: string): Promise<void> {
  const story = stories[language];
  const workspace = join(folder, `workspace-${language}`);
  const { server, link } = await start(workspace);
  const context = await browser.newContext({ locale: story.locale, viewport: desktop, colorScheme: "light" });
  const page = await context.newPage();
  const newcomer = await Newcomer.in(language, page);
  const { say } = newcomer;
  const { take } = camera(given.out, language, given.guide ? resolve(import.meta.dirname, "../docs/guide/pictures") : null);
  const { origin } = new URL(link);
  const names = defects.map((defect) => story.names[defect]);
  const truth = new Map(plates.map(({ name, shows }) => [name, shows]));
  const of = (defect: Defect) => (picture: string): "yes" | "no" => (truth.get(picture)?.has(defect) === true ? "yes" : "no");
  const open = async (path: string): Promise<void> => {
    await page.goto(origin + path);
    await newcomer.settled();
  };
  try {
    await page.goto(link);
    await page.getByLabel(say("setup", "name")).fill(story.person);
    await take(page, "first-link", "first-link");
    await newcomer.register(link, story.person, "a long password");
    await page.getByLabel(say("new-project", "categories")).fill(names.join("\n"));
    await page.getByLabel(say("new-project", "name")).fill(story.project);
    await take(page, "new-project", "new-project");
    await newcomer.makeProject(story.project, names);
    await take(page, "pictures-empty");
    await newcomer.addPictures(plates.map(({ file }) => file));
    await take(page, "pictures", "pictures");

    await page.getByRole("link", { name: names[0] }).first().click();
    await page.getByLabel(say("category", "definition")).fill(story.definition);
    await newcomer.button(say("category", "star")).click();
    await newcomer.button(say("category", "save")).click();
    await page.getByText(say("category", "saved")).waitFor();
    await take(page, "category");

    await newcomer.turnTo("label");
    await page.getByRole("gridcell").first().waitFor();
    await take(page, "label-begin");
    await newcomer.answer(names[0], of(defects[0]), 21);
    await take(page, "label", "label");
    await newcomer.button(new RegExp(say("label", "examples"))).click();
    await take(page, "label-examples");
    await newcomer.button(new RegExp(say("label", "examples"))).click();
    for (const at of [22, 24, 25]) await page.locator(`[data-index="${String(at)}"]`).click();
    await take(page, "label-chosen");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await take(page, "label-keys");
    await open("/p/1/label/1");
    await newcomer.answer(names[0], of(defects[0]), 30);
    for (const defect of defects.slice(1)) await newcomer.answer(story.names[defect], of(defect), 48);
    await open("/p/1/label/picture/60");
    await take(page, "label-one", "label-one");

    await open("/p/1");
    await take(page, "home-answers", "home");
    await open("/p/1/improve");
    await take(page, "improve-without-model");
    await open("/p/1/model");
    await take(page, "model-none", "model");
    await newcomer.startModel();
    await take(page, "model");
    await newcomer.turnTo("improve");
    await take(page, "improve", "improve");
    await newcomer.improve(defects.length, () => take(page, "improving"));
    await take(page, "compare-early", "compare-early");
    await newcomer.button(say("compare", "row.open", { c: names[0] })).click();
    await newcomer.settled();
    await take(page, "compare-early-category");
    await open("/p/1");
    await take(page, "home-proposal");
    await open("/p/1/compare");
    await newcomer.propose(story.proposed);
    await take(page, "compare-proposed");
    await page.getByRole("link", { name: say("compare", "go.live") }).click();
    await page.getByLabel(say("live", "reason")).waitFor();
    await take(page, "live-approve", "approve");
    await newcomer.approve(story.agreed);
    await take(page, "live-approved");
    await newcomer.goLive(1, story.pilot);
    await take(page, "live");
    await open("/p/1/use");
    await take(page, "use-empty");

    // Months later: there are many answers, and a second version.
    const file = join(folder, `answers-${language}.csv`);
    writeFileSync(file, labelFile(plates, story.names));
    await open("/p/1/pictures");
    await page.getByLabel(say("pictures", "labels.bring")).setInputFiles(file);
    await page.getByText(say.like("pictures", "labels.brought")).waitFor();
    await take(page, "pictures-answers");
    await newcomer.improve(defects.length);
    await take(page, "compare", "compare");
    await newcomer.button(say("compare", "row.open", { c: names[0] })).click();
    await newcomer.settled();
    await page.getByText(say("compare", "details"), { exact: true }).click();
    await page.locator("figure.chart svg").first().waitFor();
    await take(page, "compare-category");
    await page.getByRole("heading", { name: say("compare", "threshold", { c: names[0] }) }).scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector(".threshold")?.closest("section")?.scrollIntoView({ block: "start" }));
    await take(page, "compare-threshold", "threshold");
    await newcomer.propose(story.second);
    await page.getByRole("link", { name: say("compare", "go.live") }).click();
    await newcomer.approve(story.agreed);
    await newcomer.goLive(2, story.second);
    await open("/p/1/use");
    await page.locator("input[type=file]").first().setInputFiles(plates.slice(-3).map(({ file: picture }) => picture));
    await page.getByRole("article").nth(2).waitFor();
    await take(page, "use", "use");
    await newcomer.makeKey(story.key, () => take(page, "key"));
    await take(page, "use-keys");
    await open("/p/1/live");
    await newcomer.rollBack(story.names.stain, 1, story.back, () => take(page, "roll-back", "roll-back"));
    await take(page, "live-rolled-back", "live");
    await open("/p/1/live/log");
    await take(page, "log");
    await open(`/p/1/report/2?lang=${language}`);
    await take(page, "report", "report");
    await open("/p/1");
    await take(page, "home-live");
    await open("/p/1/label/1?show=yes");
    await page.getByRole("gridcell").first().waitFor();
    await take(page, "label-yes");
    await open("/p/1/label/1");
    await take(page, "label-all-asked");

    await open("/people");
    await newcomer.button(say("people", "add")).click();
    const form = page.getByRole("dialog");
    await form.getByLabel(say("people", "name")).fill(story.colleague);
    await form.getByRole("combobox", { name: say("people", "role") }).selectOption("approver");
    await form.getByLabel(say("people", "password"), { exact: true }).fill("another long one");
    await take(page, "people-add");
    await form.getByRole("button", { name: say("people", "go") }).click();
    await page.getByRole("row", { name: new RegExp(`^${story.colleague}`) }).waitFor();
    await take(page, "people");
    await open("/me");
    await take(page, "me");
    await open("/projects");
    await take(page, "projects");
    await open("/nowhere");
    await take(page, "nowhere");
    await open("/me");
    await newcomer.button(say("me", "out")).click();
    await page.getByLabel(say("setup", "password"), { exact: true }).waitFor();
    await take(page, "sign-in");
  } catch (error) {
    await page.screenshot({ path: join(given.out, `${language}-failed.png`), fullPage: true });
    throw error;
  } finally {
    await context.close();
    await kill(server);
  }
}

if (executable === undefined) throw new Error("no Chromium and no Chrome here");
const folder = mkdtempSync(join(tmpdir(), "catwise-walk-"));
const browser = await launch();
try {
  const plates = await writePlates(join(folder, "plates"), Number(given.plates));
  for (const language of given.languages.split(",")) await walk(browser, language as Language, plates, folder);
  console.log(given.out);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
