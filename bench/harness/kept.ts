/** What a result has to have to take the place of the one before. */
import type { Outcome } from "./bench.ts";

/**
 * Cases, contenders of a case and targets of a case that were there before and are not now, for want of a peer, a disk or photographs: in words, none where nothing is lacking. Targets are counted alone, so
 * that they may be worded anew.
 */
export function lacking(before: Pick<Outcome, "cases">, now: Pick<Outcome, "cases">): string[] {
  const found = new Map(now.cases.map((each) => [each.name, each]));
  return before.cases.flatMap(({ name, timings, targets = [] }) => {
    const own = found.get(name);
    if (own === undefined) return [`the case "${name}"`];
    const contenders = Object.keys(timings).filter((contender) => !(contender in own.timings));
    const fewer = targets.length - (own.targets?.length ?? 0);
    return [...contenders.map((contender) => `"${contender}" in "${name}"`), ...(fewer > 0 ? [`${fewer} of the targets of "${name}"`] : [])];
  });
}
