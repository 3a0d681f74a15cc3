import type { Catalogue } from "../../services/words/index.ts";
import { en } from "./words.en.ts";
import { ja } from "./words.ja.ts";

export const words: Catalogue<typeof en> = { en, ja };
