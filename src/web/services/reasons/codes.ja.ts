import type { Translated } from "../words/index.ts";
import type { en } from "./codes.en.ts";

export const ja: Translated<typeof en> = {
  "accepted": "変更しました。取り分けておいた画像で、新しい設定は悪くなっていないようです。",
  "accepted-pooled": "変更しました。このカテゴリだけでは答えが足りませんが、ほかのカテゴリから見て悪くなっていないようです。",
  "improved-on-selection": "変更しました。取り分けておいた画像で良くなりました。",
  "no-improvement-on-selection": "前のままにしました。取り分けておいた画像で良くなる設定がありませんでした。",
  "likely-harm": "前のままにしました。取り分けておいた画像で、新しい設定のほうが悪く見えたためです。",
  "not-enough-evidence": "前のままにしました。良くなるとは言い切れないためです。",
  "not-finished": "前のままにしました。順番が来る前に止めたためです。",
  "not-asked-for": "まだ試していません。選ばれていません。",
  "unverified-default": "変更しましたが、確認用の答えがないため確かめていません。",
  "best-candidate": "変更しました。取り分けておいた画像で最も良かったものです。",
  "no-positive-in-fit": "まだ試していません。学習用の答えに「はい」がありません。あと約{label}枚に答えます。",
  "no-negative-in-fit": "まだ試していません。学習用の答えに「いいえ」がありません。あと約{label}枚に答えます。",
  "no-positive-in-selection": "まだ試していません。選択用の答えに「はい」がありません。あと約{label}枚に答えます。",
  "no-negative-in-selection": "まだ試していません。選択用の答えに「いいえ」がありません。あと約{label}枚に答えます。",
  "right.too-few": "似た答えの確認がまだ足りません",
  "predict.nothing-live": "稼働中のものはまだありません。",
  "model.categories": "ファイルのカテゴリは{count}個",
  "model.input": "画像の大きさは{width}×{height}",
  "model.features": "画像1枚の特徴量は{columns}個",
  "model.unsupported": "このファイルはCatwiseで改善できません。画像1枚を入力とし、最後がカテゴリごとの線形の層であるモデルが必要です。",
};
