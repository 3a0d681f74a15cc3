import type { TuneInput } from "../types.ts";
import { finalHeads, type PathEnd, type PathSetting } from "./path.ts";

/** The final fits are made in about this many steps where somebody may stop them in between: each costs a pass that sets the cells up. */
const stepsAtMost = 24;

/**
 * The final heads of the wanted categories, all side by side; or, where the caller set an order, step by step until it says that there is no more time. Every head is solved by itself within
 * a problem of the same size, so both ways give the same bits. `finished` (C): 1 where the head was made.
 */
export async function finish(
  input: TuneInput,
  setting: PathSetting,
  options: { readonly fitOnly: boolean; readonly index: number },
  report: (done: number, total: number) => void | Promise<void>,
): Promise<PathEnd & { readonly finished: Uint8Array }> {
  if (input.finish === undefined) return { ...(await finalHeads(setting, options, report)), finished: setting.wanted };
  const { order, more, done } = input.finish;
  const names = input.labels.categories;
  const rank = new Map(order.toReversed().map((name, at) => [name, order.length - 1 - at]));
  const wanted = names.map((_, c) => c).filter((c) => setting.wanted[c] === 1).sort((a, b) => (rank.get(names[a]) ?? order.length) - (rank.get(names[b]) ?? order.length) || a - b);
  const C = names.length;
  const E = setting.metric.axes;
  const all = { u: new Float64Array(C * E), v: new Float64Array(C), steps: new Uint32Array(C), converged: new Uint8Array(C), finished: new Uint8Array(C) };
  const size = Math.max(1, Math.ceil(wanted.length / stepsAtMost));
  for (let first = 0; first < wanted.length && more(); first += size) {
    const some = wanted.slice(first, first + size);
    const chosen = new Uint8Array(C);
    for (const c of some) chosen[c] = 1;
    const heads = await finalHeads({ ...setting, wanted: chosen }, options, () => undefined);
    for (const c of some) {
      all.u.set(heads.u.subarray(c * E, (c + 1) * E), c * E);
      all.v[c] = heads.v[c];
      all.steps[c] = heads.steps[c];
      all.converged[c] = heads.converged[c];
      all.finished[c] = 1;
    }
    await done?.(some.map((c) => names[c]));
    await report(Math.min(wanted.length, first + size), wanted.length);
  }
  return all;
}
