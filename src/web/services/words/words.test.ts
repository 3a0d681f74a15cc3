import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../../errors.ts";
import { makeFormats } from "./formats.ts";
import { tellIn } from "./told.tsx";
import { fill, placesOf } from "./template.ts";

const web = resolve(import.meta.dirname, "../..");
const files = readdirSync(web, { recursive: true, encoding: "utf8" }).map((name) => join(web, name));
const english = files.filter((name) => name.endsWith(".en.ts"));
const sources = files.filter((name) => /\.tsx?$/.test(name) && !/\.(en|ja|test)\.ts$/.test(name));

type Sentences = Readonly<Record<string, string>>;
const read = async (name: string): Promise<{ en: Sentences; ja: Sentences }> => ({
  en: ((await import(name)) as { en: Sentences }).en,
  ja: ((await import(name.replace(/\.en\.ts$/, ".ja.ts"))) as { ja: Sentences }).ja,
});

describe("the message catalogue", () => {
  it("has a file of sentences for every page that speaks", () => {
    expect(english.length).toBeGreaterThan(8);
  });

  describe.each(english.map((name) => [name.slice(web.length + 1), name] as const))("%s", (_, name) => {
    it("says the same things in both languages, with the same places", async () => {
      const { en, ja } = await read(name);
      expect(Object.keys(ja)).toEqual(Object.keys(en));
      for (const key of Object.keys(en)) {
        // Japanese has no plural: of `{n|picture|pictures}` nothing stands there, and `{n}` does.
        expect(placesOf(ja[key] ?? ""), key).toEqual(placesOf(en[key] ?? ""));
      }
    });

    it("writes each language by its rules", async () => {
      const { en, ja } = await read(name);
      for (const [key, sentence] of Object.entries(ja)) {
        expect(sentence, `${key}: full-width marks`).not.toMatch(/[ぁ-ん一-龯][,!?]|[ぁ-ん一-龯]\.(?!\w)/);
        expect(sentence, `${key}: no full-width digits or letters`).not.toMatch(/[０-９Ａ-Ｚａ-ｚ]/);
        expect(sentence, `${key}: no hand-typed spaces between scripts`).not.toMatch(/[ぁ-ん一-龯ァ-ヶ] [A-Za-z0-9{]|[A-Za-z0-9}] [ぁ-ん一-龯ァ-ヶ]/u);
        expect(sentence, `${key}: ～ is one character everywhere`).not.toContain("〜");
      }
      for (const [key, sentence] of Object.entries(en)) expect(sentence, `${key}: no please, sorry, oops, invalid, forbidden`).not.toMatch(/\b(please|sorry|oops|invalid|forbidden)\b/i);
    });

    it("holds no sentence that nothing says", async () => {
      if (basename(name) === "codes.en.ts") return; // The server's codes: what it sends is held against them elsewhere.
      const { en } = await read(name);
      const folder = dirname(name);
      const shared = basename(name) === "common.en.ts";
      const text = sources
        .filter((file) => shared || file.startsWith(folder))
        .map((file) => readFileSync(file, "utf8"))
        .join("\n");
      // Keys put together: `show.${value}`.
      const built = [...text.matchAll(/say\(`([^`]+)`/g), ...text.matchAll(/common\(`([^`]+)`/g)].map(([, key]) => new RegExp(`^${key.replaceAll(".", "\\.").replaceAll(/\$\{[^}]+\}/g, ".+")}$`));
      // The answers stand in data: say(value).
      const answers = new Set(["yes", "no", "unsure", "none"]);
      const unused = Object.keys(en).filter((key) => !text.includes(`"${key}"`) && !answers.has(key) && !built.some((one) => one.test(key)));
      expect(unused).toEqual([]);
    });
  });
});

const tell = (language: "en" | "ja", code: string, params?: Parameters<typeof tellIn>[3]): string => tellIn(language, makeFormats(language), code, params);

describe("codes of the server", () => {
  it("all have their sentence: where a project stands, what comes next and why, and what became of a picture", async () => {
    const house = resolve(web, "..");
    const { en } = await read(join(web, "services/words/codes.en.ts"));
    const told = readdirSync(house, { recursive: true, encoding: "utf8" })
      .filter((name) => /^(server|jobs|workspace)[/\\].*\.ts$/.test(name) && !/\.(test|cases)\.ts$/.test(name))
      .flatMap((name) => [...readFileSync(join(house, name), "utf8").matchAll(/"((?:standing|next|because|picture)\.[a-zA-Z.-]+)"/g)].map(([, code]) => code));
    expect(told.length).toBeGreaterThan(20);
    expect([...new Set(told)].filter((code) => !(code in en))).toEqual([]);
  });

  it("are told with the line of the file and the case they are; one without a sentence by the server's words where these are read", () => {
    expect(tell("en", "csv.ragged-row", { message: "line 17: expected 3 fields", line: 17 })).toBe("A row has more or fewer fields than the first one. Mend it, and bring the file again. It is in line 17.");
    expect(tell("ja", "labels.invalid-value", { line: 17, field: "scratch" })).toBe("答えが1、0、空欄、?、-1のどれでもありません。直して、もう一度追加してください。場所は17行目の「scratch」です。");
    expect(tell("en", "file.malformed", { line: 3, column: 9 })).toMatch(/It is in line 3, character 9\.$/);
    expect(tell("en", "state.conflict", { reason: "state.conflict.name-taken" })).toBe("The name is taken. Choose another one.");
    expect([tell("en", "odd.code", { message: "its own words" }), tell("ja", "odd.code", { message: "its own words" })]).toEqual(["its own words", expect.stringContaining("処理できませんでした")]);
  });

  it("have it for whatever may be wrong with a file, a model or the answers, and for each case in which what is stored does not allow something", async () => {
    const house = resolve(web, "..");
    const { en } = await read(join(web, "services/words/codes.en.ts"));
    const ofInput = Object.keys(errorTable).filter((code) => /^(file|csv|labels|split|images|tune|model|access|request|state)\./.test(code));
    expect(ofInput.filter((code) => !(code in en))).toEqual([]);
    const cases = readdirSync(house, { recursive: true, encoding: "utf8" })
      .filter((name) => /^(server|jobs|workspace)[/\\].*\.ts$/.test(name) && !/\.(test|cases)\.ts$/.test(name))
      .flatMap((name) => [...readFileSync(join(house, name), "utf8").matchAll(/"(state\.conflict\.[a-z-]+)"/g)].map(([, code]) => code));
    expect(new Set(cases)).toEqual(new Set(Object.keys(en).filter((code) => code.startsWith("state.conflict."))));
  });
});

describe("sentences with places", () => {
  const en = makeFormats("en");
  const ja = makeFormats("ja");

  it("writes numbers as the language does and chooses words by them", () => {
    expect(fill("{n} {n|picture|pictures}", { n: 1 }, en)).toBe("1 picture");
    expect(fill("{n} {n|picture|pictures}", { n: 2000 }, en)).toBe("2,000 pictures");
    expect(fill("{n}枚", { n: 2000 }, ja)).toBe("2,000枚");
  });

  it("chooses no word for one by a count that is said in words", () => {
    expect(["1", "fewer than 1", "2"].map((a) => fill("{a} {a|is|are} missed", { a }, en))).toEqual(["1 is missed", "fewer than 1 are missed", "2 are missed"]);
  });

  it("puts names in as they are, places and signs in them too", () => {
    expect(fill("“{name}”", { name: "{n} $& <b>" }, en)).toBe("“{n} $& <b>”");
  });

  it("sorts names by the numbers in them", () => {
    expect(["A-10", "A-9", "a-1"].sort(en.compare)).toEqual(["a-1", "A-9", "A-10"]);
    expect(["イ", "ア", "キズ"].sort(ja.compare)).toEqual(["ア", "イ", "キズ"]);
  });

  it("leaves a place without a value in view", () => {
    expect(fill("{a} of {b}", { a: 1 }, en)).toBe("1 of {b}");
  });

  it("writes times of day from 0 to 24 and dates in the western calendar", () => {
    const iso = new Date(2026, 10, 23, 14, 5).toISOString();
    expect([en.dateTime(iso), ja.dateTime(iso)]).toEqual(["23 Nov 2026, 14:05", "2026年11月23日 14:05"]);
    expect(en.clock(new Date(2026, 0, 1, 0, 7).toISOString())).toBe("00:07");
    expect([en.ago(iso, Date.parse(iso) + 180_000), ja.ago(iso, Date.parse(iso) + 180_000)]).toEqual(["3 minutes ago", "3分前"]);
  });
});
