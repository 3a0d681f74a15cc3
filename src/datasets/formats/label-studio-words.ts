import { NEGATIVE, POSITIVE, UNCERTAIN } from "../../labels/index.ts";
import type { CellValue } from "../../labels/index.ts";

/** Words people put as choices of a question about one category, lower case, in the languages of Catwise. */
const words: ReadonlyMap<string, CellValue> = new Map([
  ...["yes", "y", "true", "1", "present", "positive", "exists", "はい", "あり", "有", "有り", "ある"].map((word) => [word, POSITIVE] as const),
  ...["no", "n", "false", "0", "absent", "negative", "not exists", "not present", "いいえ", "なし", "無", "無し", "ない"].map((word) => [word, NEGATIVE] as const),
  ...["unsure", "uncertain", "unclear", "unknown", "maybe", "not sure", "don't know", "dont know", "can't tell", "cannot tell", "?", "u", "-1", "不明", "わからない", "分からない"].map((word) => [word, UNCERTAIN] as const),
]);

/** null: no such word. */
export function triState(text: string): CellValue | null {
  return words.get(text.trim().toLowerCase().replaceAll("’", "'").normalize("NFC")) ?? null;
}
