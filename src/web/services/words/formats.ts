/** Numbers, times and lists as each language writes them; all through Intl, hours from 0 to 24, no era calendar. */
export interface Formats {
  readonly number: (value: number) => string;
  readonly isOne: (value: number) => boolean;
  /** 23 Nov 2026, 14:05 · 2026年11月23日 14:05 */
  readonly dateTime: (iso: string) => string;
  readonly date: (iso: string) => string;
  /** 14:05 */
  readonly clock: (iso: string) => string;
  /** 3 minutes ago · 3分前; `now` in milliseconds since 1970. */
  readonly ago: (iso: string, now: number) => string;
  /** For sorting names: numbers in them by their value, not by their digits. */
  readonly compare: (a: string, b: string) => number;
  readonly list: (values: readonly string[]) => string;
  readonly bytes: (value: number) => string;
}

const made = new Map<string, Formats>();

export function makeFormats(language: "en" | "ja"): Formats {
  const known = made.get(language);
  if (known !== undefined) return known;
  const locale = language === "en" ? "en-GB" : "ja-JP";
  const numbers = new Intl.NumberFormat(locale);
  const plural = new Intl.PluralRules(locale);
  const day = { year: "numeric", month: language === "en" ? "short" : "long", day: "numeric", calendar: "gregory" } as const;
  const hours = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const dates = new Intl.DateTimeFormat(locale, day);
  const clocks = new Intl.DateTimeFormat(locale, hours);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  // Japanese is written without the space that Intl puts after the number.
  const relativeTo = (value: number, unit: Intl.RelativeTimeFormatUnit): string => (language === "en" ? relative.format(value, unit) : relative.format(value, unit).replaceAll(" ", ""));
  const names = new Intl.Collator(locale, { numeric: true });
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  const formats: Formats = {
    number: (value) => numbers.format(value),
    isOne: (value) => plural.select(value) === "one",
    dateTime: (iso) => `${dates.format(new Date(iso))}${language === "en" ? ", " : " "}${clocks.format(new Date(iso))}`,
    date: (iso) => dates.format(new Date(iso)),
    clock: (iso) => clocks.format(new Date(iso)),
    ago: (iso, now) => {
      const seconds = Math.min(0, (Date.parse(iso) - now) / 1000);
      for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const) if (-seconds >= size) return relativeTo(Math.round(seconds / size), unit);
      return relativeTo(0, "second");
    },
    compare: (a, b) => names.compare(a, b),
    list: (values) => lists.format(values),
    bytes: (value) => {
      const unit = value >= 1e9 ? "gigabyte" : value >= 1e6 ? "megabyte" : "kilobyte";
      const size = { gigabyte: 1e9, megabyte: 1e6, kilobyte: 1e3 }[unit];
      return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value / size);
    },
  };
  made.set(language, formats);
  return formats;
}
