import type { Translated } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "新しいプロジェクト",
  "sentence": "何を見つけますか。",
  "more": "1行に1つ書いてください。あとから追加できます。それまでの画像では「未確認」になります。",
  "name": "プロジェクトの名前",
  "name.hint": "例：パネルB線",
  "categories": "見つけたいもの（1行に1つ）",
  "categories.hint": "例：傷、へこみ、汚れ。1つずつがカテゴリになり、別々に答えます。",
  "categories.twice": "「{name}」が2回あります。同じ名前は1つにしてください。",
  "count": "{n}個のカテゴリ",
  "go": "プロジェクトを作る",
};
