/** Measurements that run inside a page: each is sent there as its own text, so that it holds all it needs. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// oxlint-disable unicorn/consistent-function-scoping -- a function outside would not travel with the one that calls it

/** What scrolls in a box of its own may be wider than the window; the page itself and its charts may not. */
export function measure(): { overflow: number; outside: string[]; charts: string[] } {
  const { scrollWidth, clientWidth } = document.documentElement;
  const name = (element: Element): string => `${element.tagName} ${element.getAttribute("class") ?? ""} ${(element.textContent ?? "").slice(0, 40)}`;
  const right = (element: Element): number => element.getBoundingClientRect().right;
  const outside = [...document.querySelectorAll("main *")].filter((element) => element.closest(".scroll, svg") === null && right(element) > clientWidth + 0.5);
  const charts = [...document.querySelectorAll("svg")].filter((chart) => {
    const box = chart.getBoundingClientRect();
    return !chart.checkVisibility() || box.width < 80 || box.height < 20 || box.left < 0 || box.right > clientWidth + 0.5;
  });
  return { overflow: scrollWidth - clientWidth, outside: outside.map(name), charts: charts.map(name) };
}

/** Contrast (WCAG 2.2) of every piece of text against the nearest background that is painted; under 4.5 is faint. */
export function contrasts(): { pageColour: string; texts: number; faint: string[] } {
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = channels(colour)
      .slice(0, 3)
      .map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element: Element | null): string => {
    if (element === null) return "rgb(255, 255, 255)";
    const colour = getComputedStyle(element).backgroundColor;
    return (channels(colour)[3] ?? 1) === 1 && colour !== "transparent" ? colour : ground(element.parentElement);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint: string[] = [];
  let texts = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = (node.textContent ?? "").trim();
    if (element === null || words === "" || !element.checkVisibility()) continue;
    texts += 1;
    const look = getComputedStyle(element);
    const [a, b] = [luminance(element instanceof SVGElement ? look.fill : look.color), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)}: ${words.slice(0, 40)}`);
  }
  return { pageColour: getComputedStyle(document.body).backgroundColor, texts, faint };
}
