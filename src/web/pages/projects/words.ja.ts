import type { Translated } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "プロジェクト一覧",
  "sentence": "どのプロジェクトを開きますか。",
  "more": "プロジェクトには、1つの仕事の画像、見つけたいもの、答えをまとめます。",
  "new": "新しいプロジェクトを作る",
  "counts": "画像{pictures}枚、{all}件中{answered}件に回答済み",
  "live": "{date}から稼働中",
  "notLive": "稼働中のものはありません",
};
