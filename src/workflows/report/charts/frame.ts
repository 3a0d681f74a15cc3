/**
 * The square frame the curve charts share: axes from 0 to 1, named, with ticks at 0, 0.5 and 1. `inset` keeps the ends of the axes off
 * the frame, so that a large dot at 0 or 1 covers neither a tick's value nor its neighbour.
 */
export const size = { width: 296, height: 280, left: 56, top: 8, side: 228, inset: 12 } as const;
const span = size.side - 2 * size.inset;

export const x = (value: number): string => trim(size.left + size.inset + value * span);
export const y = (value: number): string => trim(size.top + size.inset + (1 - value) * span);

/** At most one decimal: a tenth of a pixel is below what a screen shows, and the file stays small. */
export function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `label` is read aloud in place of the drawing; the caller escapes what comes from outside. */
export function frame(label: string, horizontal: string, vertical: string, marks: string): string {
  const [left, right, top, bottom] = [size.left, size.left + size.side, size.top, size.top + size.side].map(trim) as [string, string, string, string];
  const ticks = [0, 0.5, 1]
    .map(
      (value) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${y(value)}" y2="${y(value)}"/><line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${top}" y2="${bottom}"/>` +
        `<text class="tick" x="${trim(size.left - 6)}" y="${trim(Number(y(value)) + 4)}" text-anchor="end">${String(value)}</text>` +
        `<text class="tick" x="${x(value)}" y="${trim(size.top + size.side + 16)}" text-anchor="middle">${String(value)}</text>`,
    )
    .join("");
  return (
    `<svg class="curve" role="img" aria-label="${label}" viewBox="0 0 ${String(size.width)} ${String(size.height)}">${ticks}` +
    `<text class="axis" x="${x(0.5)}" y="${String(size.height - 8)}" text-anchor="middle">${horizontal}</text>` +
    `<text class="axis" transform="translate(14 ${y(0.5)}) rotate(-90)" text-anchor="middle">${vertical}</text>${marks}</svg>`
  );
}
