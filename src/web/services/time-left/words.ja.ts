import type { Translated } from "../words/index.ts";
import type { en } from "./words.en.ts";

export const ja: Translated<typeof en> = {
  "minutes": "{count}、残り約{n}分",
  "seconds": "{count}、残り1分未満",
  "late": "{count}、予想より時間がかかっています",
};
