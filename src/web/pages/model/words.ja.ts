import type { Translated } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "モデル",
  "sentence": "今は何が答えていますか。それは良くできますか。",
  "start": "モデルがない場合",
  "start.text": "あなたの答えから最初のモデルを作ります（約1分）。必要なのは答えだけです。",
  "start.go": "答えから始める",
  "bring": "モデルを持ち込む",
  "bring.text": "分類モデルのONNXファイルです（入力は画像1枚、出力はカテゴリごとに1つ）。最後の層をあなたの答えで調整します。ファイル自体は変わりません。",
  "bring.go": "ONNXファイルを選ぶ",
  "reading": "ファイルを読んでいます",
  "failed": "このファイルは使えません。何も変わっていません。",
  "there": "このプロジェクトのモデル",
  "own": "あなたの答えから作ったもの",
  "added": "{date}に追加",
  "found": "{n}個のカテゴリが見つかり、{m}個があなたのカテゴリに対応しました。",
  "match": "名前を手で対応させる",
  "match.name": "ファイルの名前",
  "match.to": "あなたのカテゴリ",
  "match.of": "{name}に対応するカテゴリ",
  "match.none": "対応なし",
  "match.go": "この対応を保存する",
  "match.kept": "対応を保存しました。",
  "improve": "先に良くするものを選ぶ",
};
