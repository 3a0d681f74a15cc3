/** The square frame both curve charts share: axes from 0 to 1, named, with ticks at 0, .5 and 1. */
export const size = { width: 280, height: 262, left: 44, top: 12, side: 204 } as const;

export const x = (value: number): string => trim(size.left + value * size.side);
export const y = (value: number): string => trim(size.top + (1 - value) * size.side);

/** At most one decimal: a tenth of a pixel is below what a screen shows, and the file stays small. */
export function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `label` is read aloud in place of the drawing; the caller escapes what comes from outside. */
export function frame(label: string, horizontal: string, vertical: string, marks: string): string {
  const ticks = [0, 0.5, 1]
    .map(
      (value) =>
        `<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${y(value)}" y2="${y(value)}"/>` +
        `<text class="tick" x="${trim(size.left - 6)}" y="${trim(Number(y(value)) + 4)}" text-anchor="end">${tickText(value)}</text>` +
        `<text class="tick" x="${x(value)}" y="${trim(size.top + size.side + 16)}" text-anchor="middle">${tickText(value)}</text>`,
    )
    .join("");
  const middle = size.top + size.side / 2;
  return (
    `<svg class="curve" role="img" aria-label="${label}" viewBox="0 0 ${String(size.width)} ${String(size.height)}">${ticks}` +
    `<text class="axis" x="${x(0.5)}" y="${String(size.height - 8)}" text-anchor="middle">${horizontal}</text>` +
    `<text class="axis" transform="translate(12 ${trim(middle)}) rotate(-90)" text-anchor="middle">${vertical}</text>${marks}</svg>`
  );
}

function tickText(value: number): string {
  return value === 0.5 ? ".5" : String(value);
}
