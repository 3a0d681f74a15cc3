/** One category's gain: a dot for the gain, a line with end ticks for its interval, and the zero line. */
export interface GainScale {
  readonly low: number;
  readonly high: number;
}

/** A common scale for all strips: zero always inside, at least .01 to either side, a little air at the ends. */
export function gainScale(changes: Iterable<{ gain: number | null; range: readonly [number, number] | null }>): GainScale {
  let low = -0.01;
  let high = 0.01;
  for (const { gain, range } of changes) {
    for (const value of [gain, range?.[0], range?.[1]]) {
      if (value === null || value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const air = (high - low) * 0.04;
  return { low: low - air, high: high + air };
}

/** Drawn in percent of the width, so that one strip fits a desk and a phone with round dots and 14 px text around it. */
export function gainStrip(scale: GainScale, gain: number, range: readonly [number, number] | null): string {
  const at = (value: number): string => `${(((value - scale.low) / (scale.high - scale.low)) * 100).toFixed(2)}%`;
  const zero = line(at(0), at(0), 0, 28, "zero");
  const whisker =
    range === null
      ? ""
      : line(at(range[0]), at(range[1]), 14, 14, "range") + line(at(range[0]), at(range[0]), 9, 19, "range") + line(at(range[1]), at(range[1]), 9, 19, "range");
  const clear = range !== null && (range[0] > 0 || range[1] < 0);
  const dot = `<circle class="${clear ? "after" : "open"}" cx="${at(gain)}" cy="14" r="5"/>`;
  return `<svg class="strip${gain < 0 && clear ? " lost" : ""}" height="28" aria-hidden="true">${zero}${whisker}${dot}</svg>`;
}

function line(x1: string, x2: string, y1: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${x1}" x2="${x2}" y1="${String(y1)}" y2="${String(y2)}"/>`;
}
