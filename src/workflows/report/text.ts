/** Text and figures as they stand in the report. Everything that comes from outside passes `escapeText`. */

/** Makes any text safe inside an element or a double-quoted attribute; control characters that break a page become U+FFFD. */
export function escapeText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not reach the page
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, "\uFFFD")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
      .replace(/'/g, "&#39;")
  );
}

/** How the metrics are called, and what they mean to somebody who has not met them. */
export const metricName = { ap: "average precision", auroc: "AUROC" } as const;
export const metricMeaning = {
  ap: "Average precision runs from 0 to 1. Sort the images by how sure the model is: 1 means that every image that shows the category comes before every one that does not; guessing gives the share of images that show it.",
  auroc: "AUROC is the chance that an image that shows the category is placed before one that does not: 1 is perfect, 0.5 is guessing.",
} as const;

/** 0.451, 1.000, −0.003: as the command line and the JSON show it; null is a dash. */
export function ratio(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** +0.042, −0.003, 0.000 (no sign: nothing changed). */
export function signed(value: number | null): string {
  const text = ratio(value);
  return value !== null && value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

export function interval(range: readonly [number, number] | null): string {
  return range === null ? "–" : `${signed(range[0])} to ${signed(range[1])}`;
}

/** 12,345 */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 category", "12 categories" */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function seconds(value: number): string {
  if (value < 0.05) return "under 0.1 s";
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 120) return `${String(Math.round(value))} s`;
  return `${String(Math.round(value / 60))} min`;
}

/** "2026-11-23 14:05 UTC"; a time that is not ISO 8601 is shown as it stands. */
export function moment(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(iso);
  return match === null ? iso : `${match[1] ?? ""} ${match[2] ?? ""} UTC`;
}
