import type { TuneInput } from "../types.ts";
import { settingOfBlock, type CategoryBlock } from "./blocks.ts";
import { finalCells, noHeads, takeHeads, walkPath, type PathEnd, type PathSetting } from "./path.ts";

/** The final fits are made in about this many steps where somebody may stop them in between: each costs a pass that sets the cells up. */
const stepsAtMost = 24;

/** Which final heads. */
export interface FinalOptions {
  readonly fitOnly: boolean;
  /** The strength. */
  readonly index: number;
  /** All categories, in the blocks in which they were judged (see blocks.ts): in others they would be other roundings. */
  readonly blocks: readonly CategoryBlock[];
}

/** The final heads of the wanted categories, of their own fit and (unless fitOnly) selection cells, block by block. Others are zero. */
export async function finalHeads(setting: PathSetting, { fitOnly, index, blocks }: FinalOptions, report: (done: number, total: number) => void | Promise<void>): Promise<PathEnd> {
  const all = noHeads(setting.wanted.length, setting.metric.axes);
  const strengths = index + 1;
  for (const [at, block] of blocks.entries()) {
    const own = settingOfBlock(setting, block);
    if (!own.wanted.includes(1)) continue;
    const heads = await walkPath(own, finalCells(own, fitOnly), { last: index }, (k) => report(at * strengths + k + 1, blocks.length * strengths));
    takeHeads(all, heads, block.from, block.to);
  }
  return all;
}

/**
 * The final heads of the wanted categories, all side by side; or, where the caller set an order, step by step until it says that there is no more time. Every head is solved by itself within
 * a problem of the same size, so both ways give the same bits. `finished` (C): 1 where the head was made.
 */
export async function finish(
  input: TuneInput,
  setting: PathSetting,
  options: FinalOptions,
  report: (done: number, total: number) => void | Promise<void>,
): Promise<PathEnd & { readonly finished: Uint8Array }> {
  if (input.finish === undefined) return { ...(await finalHeads(setting, options, report)), finished: setting.wanted };
  const { order, more, done } = input.finish;
  const names = input.labels.categories;
  const rank = new Map(order.toReversed().map((name, at) => [name, order.length - 1 - at]));
  const wanted = names.map((_, c) => c).filter((c) => setting.wanted[c] === 1).sort((a, b) => (rank.get(names[a]) ?? order.length) - (rank.get(names[b]) ?? order.length) || a - b);
  const C = names.length;
  const all = { ...noHeads(C, setting.metric.axes), finished: new Uint8Array(C) };
  const size = Math.max(1, Math.ceil(wanted.length / stepsAtMost));
  for (let first = 0; first < wanted.length && more(); first += size) {
    const some = wanted.slice(first, first + size);
    const chosen = new Uint8Array(C);
    for (const c of some) chosen[c] = 1;
    const heads = await finalHeads({ ...setting, wanted: chosen }, options, () => undefined);
    for (const c of some) {
      takeHeads(all, heads, c, c + 1);
      all.finished[c] = 1;
    }
    await done?.(some.map((c) => names[c]));
    await report(Math.min(wanted.length, first + size), wanted.length);
  }
  return all;
}
