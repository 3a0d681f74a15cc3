import type { Translated } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "はじめての起動",
  "sentence": "お名前を入れてください。",
  "more": "あなたの答えには、この名前が残ります。あなたがこのCatwiseの管理者になります。",
  "name": "名前",
  "name.hint": "同僚にわかる名前にします。",
  "password": "パスワード",
  "password.hint": "10文字以上。短い文にすると覚えやすくなります。",
  "password.short": "パスワードは{n}文字です。10文字以上が必要です。",
  "go": "管理者を登録する",
  "noToken": "Catwiseの起動時に表示されたリンク全体が必要です。「#」より後ろも含めて、もう一度コピーしてください。",
  "signIn": "ログインする",
};
