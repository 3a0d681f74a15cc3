import type { Translated } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "このプロジェクト",
  "sentence": "「{name}」の設定",
  "name": "名前",
  "eyes": "2人で確認する（自分の提案は承認できません）",
  "eyes.hint": "使わない場合、自分の提案も承認でき、記録に残ります。",
  "save": "変更を保存する",
  "saved": "変更を保存しました。",
  "remove": "このプロジェクトを削除する",
  "remove.hint": "画像、答え、版もすべてなくなり、ここでは元に戻せません。キーはすぐに使えなくなります。",
  "remove.title": "「{name}」を画像{pictures}枚、答え{answers}件とともに削除しますか。",
  "remove.type": "削除するには名前を入力します",
  "remove.wrong": "名前が違います。「{name}」と入力します。",
};
