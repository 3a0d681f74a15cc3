import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
/** Pages people read; the reference and the results are made by the code and held elsewhere. */
const pages = ["README.md", "README.ja.md", "CONTRIBUTING.md", ...readdirSync(resolve(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md") && !/^(?:reference|results)\//.test(name)).map((name) => `docs/${name}`)];
const read = (page: string): string => readFileSync(resolve(root, page), "utf8");
/** Without what is code. */
const prose = (page: string): string => read(page).replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

/** The names of a page's headings in addresses, as GitHub makes them. */
function anchors(page: string): Set<string> {
  return new Set([...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-")));
}

/** Links and images of a page into the checkout, that lead nowhere. */
function broken(page: string): string[] {
  return [...prose(page).matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path, anchor] = target.split("#");
    const file = path === "" ? resolve(root, page) : resolve(root, dirname(page), decodeURI(path));
    if (!existsSync(file)) return [target];
    return anchor === undefined || anchors(relative(root, file)).has(decodeURI(anchor)) ? [] : [target];
  });
}

describe("links and images of the pages in docs and of the READMEs", () => {
  it.each(pages)("lead to what is there: %s", (page) => {
    expect(broken(page)).toEqual([]);
  });
});

/** The levels of a page's headings, and the number of each that has one. */
const steps = (page: string): string[] => [...read(page).matchAll(/^(#{2,3})(?: (\d+))?/gm)].map(([, level, number]) => `${level} ${number ?? ""}`);

/** Names of the guide's pictures a page shows, in the order they stand. */
const shown = (page: string, language: string): string[] => [...read(page).matchAll(new RegExp(`!\\[[^\\]]+\\]\\((?:docs/guide/)?pictures/([\\w-]+)\\.${language}\\.webp\\)`, "g"))].map(([, name]) => name);

describe("docs/guide", () => {
  const folder = resolve(root, "docs/guide/pictures");

  it("shows the same pictures in both languages, each in its own, and keeps none that nobody sees", () => {
    const english = shown("docs/guide/README.md", "en");
    expect(english.length).toBeGreaterThan(5);
    expect(shown("docs/guide/README.ja.md", "ja")).toEqual(english);
    expect(readdirSync(folder).sort()).toEqual(english.flatMap((name) => [`${name}.en.webp`, `${name}.ja.webp`]).sort());
  });

  it("stays light: the pictures take less than 1.5 MB together", () => {
    expect(readdirSync(folder).reduce((sum, name) => sum + statSync(resolve(folder, name)).size, 0)).toBeLessThan(1.5e6);
  });

  it("has the same steps in both languages", () => {
    expect(steps("docs/guide/README.ja.md")).toEqual(steps("docs/guide/README.md"));
  });
});

/** What the app can say, of all its pages, in one language. */
function sentences(language: "en" | "ja"): string[] {
  const web = resolve(root, "src/web");
  return readdirSync(web, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(`.${language}.ts`))
    .flatMap((name) => [...readFileSync(resolve(web, name), "utf8").matchAll(/^ {2}"[^"]+": "((?:[^"\\]|\\.)*)",?$/gm)].map(([, sentence]) => sentence));
}

/** A quote as the screen may write it: without the end of a sentence, with the screen's apostrophe. */
const plain = (words: string): string => words.replace(/[.。:：]$/, "").replaceAll("'", "’");

describe("what the guide quotes from the screen", () => {
  /** Quotes that are no words of the screen: what people might write or say themselves, the glossary's words, and what the terminal says. */
  const own = {
    en: ["no", "and nothing else", "Catwise is ready. Open this link to make the administrator (works once)", "a line longer than 2 mm, visible at arm's length", "Something listens on port 4711 already"],
    ja: ["ターミナル", "だれも傷と言っていないから、傷はない", "傷", "「傷", "日本語", "#", ";", "準備ができました。次のリンクを開いて管理者を登録してください"],
  };
  const quoted = {
    en: (text: string): string[] => [...text.matchAll(/(?<![*\w])\*([^*\n]+)\*(?!\*)/g)].map(([, words]) => words),
    ja: (text: string): string[] => [...text.matchAll(/「([^「」]+)」/g)].map(([, words]) => words),
  };

  it.each([
    ["en", "docs/guide/README.md"],
    ["ja", "docs/guide/README.ja.md"],
    ["ja", "README.ja.md"],
  ] as const)("is on the screen (%s, %s)", (language, page) => {
    const said = sentences(language);
    expect(said.length).toBeGreaterThan(300);
    const whole = said.map((sentence) => new RegExp(`^${sentence.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, ".+")}$`));
    const missing = quoted[language](prose(page)).filter((words) => !own[language].includes(words) && !said.some((sentence) => sentence.includes(plain(words))) && !whole.some((pattern) => pattern.test(words)));
    expect(missing).toEqual([]);
  });
});
