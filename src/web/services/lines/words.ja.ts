import type { Translated } from "../words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "変更された判定のしきい値",
  "drawn": "「{c}」：{to}%から「はい」（{date}に{name}さんが変更、作成時は{made}%）。",
  "dropped": "「{c}」：版{n}では{from}%に変えてありました。この版では{to}%から「はい」です。",
  "nobody": "だれか",
  "missed.of100": "ある100枚のうち{a}を見逃します（{x}～{y}枚）。元のしきい値では{b}です。",
  "missed.few": "ある{of}枚のうち{a}を見逃しました（元のしきい値では{b}）。少ないため、それ以上は言えません。",
  "missed.alone": "ある100枚のうち{a}を見逃します（{x}～{y}枚）。",
  "missed.alone.few": "ある{of}枚のうち{a}を見逃しました。少ないため、それ以上は言えません。",
  "alarms.of100": "ない100枚のうち{a}が過検出です（{x}～{y}枚）。元のしきい値では{b}です。",
  "alarms.few": "ない{of}枚のうち{a}が過検出でした（元のしきい値では{b}）。少ないため、それ以上は言えません。",
  "alarms.alone": "ない100枚のうち{a}が過検出です（{x}～{y}枚）。",
  "alarms.alone.few": "ない{of}枚のうち{a}が過検出でした。少ないため、それ以上は言えません。",
  "unknown": "影響はわかりません。確認できませんでした。",
};
