export { actOf, isEditable } from "./handler.ts";
export type { KeyLike, Pressed } from "./handler.ts";
export { bindings, inSet, keyShortcuts, shownKeys } from "./table.ts";
export type { Act, Binding, KeySet } from "./table.ts";
