/** A probability as it is said: whole percent, and never that something is certain. */
import { share, type Share } from "../../services/gains/index.ts";

export function percentOf(probability: number): Share {
  return share(100 * probability);
}

/** A threshold as it is said: exactly enough to stand on its own side of a probability beside it. */
export function tenthsOfPercent(threshold: number): number {
  return Math.round(1000 * threshold) / 10;
}

/** A key that was used in these days is revoked only after a question. */
const recentDays = 30;

/** Whether revoking would stop something that works now; `now` in milliseconds since 1970. */
export function usedLately(lastUsedAt: string | null, now: number): boolean {
  return lastUsedAt !== null && now - Date.parse(lastUsedAt) < recentDays * 86_400_000;
}
