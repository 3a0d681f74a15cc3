/** What convert wrote and what it could not carry over, in a terminal. */
import type { ConvertDone } from "../workflows/index.ts";
import { nextCommand } from "./next.ts";
import { renderTable } from "./table.ts";

export function convertText({ images, categories, cells, parts, groups, lost, written, labels }: ConvertDone): string {
  const columns = [{ title: "cells" }, { title: "number", align: "right" as const }];
  return [
    renderTable(columns, Object.entries(cells).map(([state, count]) => [state, String(count)])),
    "",
    `${images} images, ${categories} categories${groups === null ? "" : `, ${groups} groups`}.`,
    ...(parts === null ? [] : [`Parts: ${Object.entries(parts).map(([part, count]) => `${count} ${part}`).join(", ")}.`]),
    lost.length === 0 ? "Nothing was lost." : `Not carried over: ${lost.join("; ")}.`,
    `Written: ${written.join(", ")}`,
    "",
    nextCommand(["pretrain", ["--features", "FEATURES.safetensors"], ["--labels", labels], ["--out", "head.safetensors"]]),
  ].join("\n");
}
