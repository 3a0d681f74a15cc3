import type { Translated } from "../services/words/index.ts";
import type { en } from "./sign-in.en.ts";

export const ja: Translated<typeof en> = {
  "title": "ログイン",
  "sentence": "どなたが使いますか。",
  "more": "あなたの答えには、この名前が残ります。",
  "name": "名前",
  "go": "ログインする",
};
