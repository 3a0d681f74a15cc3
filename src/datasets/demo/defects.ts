/** One drawing per defect, in SVG, within a plate of 128 x 128; how strong, large and where is drawn at random. */
import type { RandomSource } from "../../math/index.ts";

type Point = readonly [number, number];

/** One or two long fine lines, bright where the metal was laid bare and dark in the groove beside. */
export function drawScratch(random: RandomSource): string {
  const strokes = Array.from({ length: 1 + random.integer(2) }, () => {
    const [x, y] = inside(random, 26);
    const angle = Math.PI * random.next();
    const reach = 16 + 24 * random.next();
    const bend = 8 * (random.next() - 0.5);
    const [dx, dy] = [reach * Math.cos(angle), reach * Math.sin(angle)];
    const path = `M${number(x - dx)} ${number(y - dy)}Q${number(x + bend)} ${number(y - bend)} ${number(x + dx)} ${number(y + dy)}`;
    const width = 0.7 + 0.7 * random.next();
    return `<g fill="none" stroke-linecap="round" stroke-width="${number(width)}" stroke-opacity="${between(random, 0.55, 0.95)}"><path d="${path}" stroke="#222" transform="translate(.9 .9)"/><path d="${path}" stroke="#fff"/></g>`;
  });
  return strokes.join("");
}

/** A shallow hollow, lit from above left: its near wall lies in shade, its far wall catches the light, and a thin rim stands up around it. */
export function drawDent(random: RandomSource): string {
  const [x, y] = inside(random, 32);
  const radius = 8 + 9 * random.next();
  const flat = 0.75 + 0.25 * random.next();
  const opacity = between(random, 0.45, 0.8);
  const ellipse = (share: number): string => `cx="${number(x)}" cy="${number(y)}" rx="${number(radius * share)}" ry="${number(radius * share * flat)}"`;
  return [
    `<defs>${slope("hollow", "#000", "#fff", opacity)}${slope("rim", "#fff", "#000", number(Number(opacity) * 0.6))}`,
    `<filter id="soft" x="-.3" y="-.3" width="1.6" height="1.6"><feGaussianBlur stdDeviation="${number(radius * 0.09)}"/></filter></defs>`,
    `<g filter="url(#soft)"><ellipse ${ellipse(1)} fill="url(#hollow)"/><ellipse ${ellipse(1.12)} fill="none" stroke="url(#rim)" stroke-width="${number(radius * 0.16)}"/></g>`,
  ].join("");
}

/** A gradient from `first` above left to `second` below right, clear in the middle. */
function slope(id: string, first: string, second: string, strength: string): string {
  return (
    `<linearGradient id="${id}" x1=".15" y1=".1" x2=".85" y2=".9"><stop stop-color="${first}" stop-opacity="${strength}"/><stop offset=".5" stop-color="${first}" stop-opacity=".05"/>` +
    `<stop offset=".5" stop-color="${second}" stop-opacity=".05"/><stop offset="1" stop-color="${second}" stop-opacity="${strength}"/></linearGradient>`
  );
}

/** Oil or rust that has dried: brown, of uneven outline, darkest at its rim, with a few drops beside it. */
export function drawStain(random: RandomSource): string {
  const [x, y] = inside(random, 30);
  const radius = 10 + 11 * random.next();
  const seed = random.integer(10_000);
  const strength = 0.3 + 0.35 * random.next();
  const colour = random.next() < 0.5 ? "#4a2a10" : "#2f2415";
  const stop = (offset: number, share: number): string => `<stop offset="${number(offset)}" stop-color="${colour}" stop-opacity="${number(strength * share)}"/>`;
  const drops = Array.from({ length: 2 + random.integer(3) }, () => {
    const angle = 2 * Math.PI * random.next();
    const far = radius * (1.15 + 0.35 * random.next());
    return `<circle cx="${number(x + far * Math.cos(angle))}" cy="${number(y + far * Math.sin(angle))}" r="${between(random, 1, 2.6)}" fill="${colour}" fill-opacity="${number(strength)}"/>`;
  });
  return [
    `<defs><radialGradient id="dried">${stop(0, 0.55)}${stop(0.7, 0.75)}${stop(0.9, 1)}${stop(1, 0.7)}</radialGradient>`,
    `<filter id="stain" x="-.6" y="-.6" width="2.2" height="2.2"><feTurbulence type="fractalNoise" baseFrequency=".05" numOctaves="3" seed="${seed}" result="noise"/>`,
    `<feDisplacementMap in="SourceGraphic" in2="noise" scale="26" xChannelSelector="R" yChannelSelector="G"/><feGaussianBlur stdDeviation=".5"/></filter></defs>`,
    `<g filter="url(#stain)"><ellipse cx="${number(x)}" cy="${number(y)}" rx="${number(radius)}" ry="${number(radius * 0.75)}" fill="url(#dried)"/>${drops.join("")}</g>`,
  ].join("");
}

/** A dark jagged line that wanders and sends out a branch, finer towards its ends. */
export function drawCrack(random: RandomSource): string {
  const start = inside(random, 34);
  const angle = 2 * Math.PI * random.next();
  const trunk = wander(random, start, angle, 9 + random.integer(5));
  const fork = trunk[Math.floor(trunk.length / 2)] ?? start;
  const branch = wander(random, fork, angle + 0.9, 4);
  const opacity = between(random, 0.7, 0.95);
  const root = trunk.slice(0, Math.ceil(trunk.length * 0.6));
  return (
    `<g fill="none" stroke="#0c0c0d" stroke-opacity="${opacity}" stroke-linejoin="bevel" stroke-linecap="round"><path d="${lines(trunk)}" stroke-width=".9"/>` +
    `<path d="${lines(root)}" stroke-width="1.7"/><path d="${lines(branch)}" stroke-width=".8"/></g>`
  );
}

/** Bright spikes of displaced metal around part of a hole's rim. */
export function drawBurr(random: RandomSource, holes: readonly Point[]): string {
  const [x, y] = holes[random.integer(holes.length)] ?? [64, 64];
  const from = 2 * Math.PI * random.next();
  const spikes = Array.from({ length: 9 + random.integer(6) }, (_, at) => {
    const angle = from + at * 0.3;
    const tip = 10 + 5 * random.next();
    const foot = (side: number): string => `${number(x + 7 * Math.cos(angle + side))} ${number(y + 7 * Math.sin(angle + side))}`;
    return `M${foot(-0.13)}L${number(x + tip * Math.cos(angle))} ${number(y + tip * Math.sin(angle))}L${foot(0.13)}Z`;
  });
  return `<path d="${spikes.join("")}" fill="#eef2f4" fill-opacity="${between(random, 0.7, 0.95)}" stroke="#1d1f21" stroke-width=".5"/>`;
}

/** A number as SVG text, two decimals: the same on every machine. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function inside(random: RandomSource, margin: number): Point {
  return [margin + (128 - 2 * margin) * random.next(), margin + (128 - 2 * margin) * random.next()];
}

function between(random: RandomSource, low: number, high: number): string {
  return number(low + (high - low) * random.next());
}

function wander(random: RandomSource, start: Point, heading: number, steps: number): Point[] {
  const points: Point[] = [start];
  let [x, y] = start;
  for (let step = 0; step < steps; step++) {
    const angle = heading + 1.5 * (random.next() - 0.5);
    const length = 2.5 + 3 * random.next();
    x += length * Math.cos(angle);
    y += length * Math.sin(angle);
    points.push([x, y]);
  }
  return points;
}

function lines(points: readonly Point[]): string {
  return points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${number(x)} ${number(y)}`).join("");
}
