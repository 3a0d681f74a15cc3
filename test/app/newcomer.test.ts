/// <reference lib="dom" />
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executable, expectAccessible, launch, station } from "./browser.ts";
import { kill, start } from "./walk/server.ts";

const pack = resolve(import.meta.dirname, "../../../shared/data/packs/elpv/images");
const wait = { timeout: 30_000, interval: 50 };

interface Words {
  readonly locale: string;
  readonly name: string;
  readonly password: string;
  readonly become: string;
  readonly categories: string;
  readonly project: string;
  readonly make: string;
  readonly added: RegExp;
  readonly groups: string;
  readonly byName: string;
  readonly start: string;
  readonly question: string;
  readonly saved: RegExp;
  readonly undo: RegExp;
  readonly home: string;
  readonly answered: string;
}

const languages: Readonly<Record<"en" | "ja", Words>> = {
  en: {
    locale: "en-GB",
    name: "Your name",
    password: "Password",
    become: "Make me the administrator",
    categories: "What to find, one per line",
    project: "Name of the project",
    make: "Make the project",
    added: /58 added, 1 copy, 1 cannot be opened/,
    groups: "Do several pictures show the same part or person?",
    byName: "No, each is by itself",
    start: "Start answering",
    question: "Does this show a “crack”?",
    saved: /saved \d\d:\d\d/,
    undo: /^A\/;↶Undo: No/,
    home: "Home",
    answered: "5 of 116 questions are answered.",
  },
  ja: {
    locale: "ja-JP",
    name: "名前",
    password: "パスワード",
    become: "管理者を登録する",
    categories: "見つけたいもの（1行に1つ）",
    project: "プロジェクトの名前",
    make: "プロジェクトを作る",
    added: /58枚を追加、同じ画像1枚、開けない画像1枚/,
    groups: "同じ部品や同じ人を写した画像が複数ありますか。",
    byName: "いいえ、1枚ずつ別です",
    start: "答えはじめる",
    question: "「crack」がありますか？",
    saved: /\d\d:\d\dに保存済み/,
    undo: /^A\/;↶取り消す：いいえ/,
    home: "ホーム",
    answered: "116件のうち5件に答えました。",
  },
};

let browser: Browser;

describe.skipIf(executable === undefined || !existsSync(pack))("a newcomer's first minutes (skipped where there is no browser, or no ../shared/data)", () => {
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each(["en", "ja"] as const)(
    "lead from the printed link to answers that outlive a server killed in the middle (%s)",
    async (language) => {
      const words = languages[language];
      const folder = mkdtempSync(join(tmpdir(), "catwise-newcomer-"));
      const workspace = join(folder, "workspace");
      const broken = join(folder, "broken.jpg");
      const copy = join(folder, "copy.jpg");
      copyFileSync(join(pack, readdirSync(pack).sort()[3]), copy);
      writeFileSync(broken, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]));
      let { server, link } = await start(workspace);
      const page: Page = await (await browser.newContext({ locale: words.locale, viewport: station })).newPage();
      try {
        await page.goto(link);
        await page.getByLabel(words.name).fill("佐藤");
        await page.getByLabel(words.password, { exact: true }).fill("a long password");
        await page.getByRole("button", { name: words.become }).click();

        await page.getByLabel(words.categories).fill("crack\ninactive region");
        await page.getByLabel(words.project).fill("Solar cells");
        await page.getByRole("button", { name: words.make }).click();

        const pictures = readdirSync(pack).sort().slice(0, 58).map((name) => join(pack, name));
        await page.locator("input[type=file]").first().setInputFiles([...pictures, copy, broken]);
        await page.getByText(words.added).waitFor();
        for (const name of ["copy.jpg", "broken.jpg"]) expect(await page.getByRole("rowheader", { name }).count()).toBe(1);
        await expectAccessible(page);
        await page.getByRole("heading", { name: words.groups }).waitFor();
        expect(await page.getByRole("radio", { name: words.byName }).isChecked()).toBe(true);
        await page.getByRole("link", { name: words.start }).click();

        await page.getByRole("heading", { name: words.question }).waitFor();
        await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-index")), wait).toBe("0");
        await page.waitForFunction(() => (document.activeElement?.querySelector("img")?.naturalWidth ?? 0) > 0);
        for (const key of ["j", "f", "k", "l", "d"]) await page.keyboard.press(key);
        await expect.poll(() => page.locator(".saved").textContent(), wait).toMatch(words.saved);
        expect(await page.locator(".undo").textContent()).toMatch(words.undo);
        await expectAccessible(page);

        await kill(server);
        ({ server, link } = await start(workspace));
        // The session is in the workspace, and cookies know no ports: the person is still signed in.
        await page.goto(new URL("/p/1", link).href);
        await page.getByRole("heading", { name: words.answered }).waitFor();
        await expectAccessible(page);
      } finally {
        await page.context().close();
        await kill(server);
        rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
