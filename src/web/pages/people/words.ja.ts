import type { Translated } from "../../services/words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "title": "利用者",
  "sentence": "だれが何をできますか。",
  "more": "{n}人。すべての答えと決定に、行った人の名前が残ります。",
  "add": "利用者を追加する",
  "add.title": "利用者を追加する",
  "name": "名前",
  "role": "権限",
  "password": "最初のパスワード",
  "password.hint": "10文字以上。本人に伝えてください。本人が「設定」で変えられます。",
  "go": "利用者を追加する",
  "since": "登録日",
  "state": "状態",
  "active": "ログインできます",
  "disabled": "ログインできません",
  "access": "利用",
  "disable": "利用を止める",
  "enable": "利用を再開する",
  "you": "{name}（あなた）",
  "role.of": "{name}の権限",
  "rights": "閲覧者は、すべてを見て、稼働中のものを使えます。ラベル担当は、さらに、答える、画像を追加する、改善することができます。承認者は、さらに、承認、稼働、元に戻すことができます。管理者は、さらに、利用者、キー、プロジェクトを管理できます。",
  "onlyAdministrators": "利用者の管理は管理者が行います。",
};
