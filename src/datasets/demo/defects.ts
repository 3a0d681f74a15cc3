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

/** A shallow hollow: one flank in light, the other in shade, both fading out. */
export function drawDent(random: RandomSource): string {
  const [x, y] = inside(random, 32);
  const radius = 8 + 9 * random.next();
  const shift = radius * 0.4;
  const opacity = between(random, 0.4, 0.75);
  return [
    `<defs><radialGradient id="shade"><stop stop-color="#000" stop-opacity="${opacity}"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient>`,
    `<radialGradient id="gleam"><stop stop-color="#fff" stop-opacity="${opacity}"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>`,
    `<ellipse cx="${number(x - shift)}" cy="${number(y - shift)}" rx="${number(radius)}" ry="${number(radius * 0.85)}" fill="url(#shade)"/>`,
    `<ellipse cx="${number(x + shift)}" cy="${number(y + shift)}" rx="${number(radius)}" ry="${number(radius * 0.85)}" fill="url(#gleam)"/>`,
  ].join("");
}

/** Oil or rust: a brown patch whose rim and inside are broken up by turbulence. */
export function drawStain(random: RandomSource): string {
  const [x, y] = inside(random, 30);
  const radius = 11 + 12 * random.next();
  const seed = random.integer(10_000);
  return [
    `<defs><filter id="stain" x="-.5" y="-.5" width="2" height="2"><feTurbulence type="turbulence" baseFrequency=".07" numOctaves="3" seed="${seed}" result="noise"/>`,
    `<feDisplacementMap in="SourceGraphic" in2="noise" scale="22" xChannelSelector="R" yChannelSelector="G"/></filter></defs>`,
    `<g filter="url(#stain)" fill="#4a2f16"><ellipse cx="${number(x)}" cy="${number(y)}" rx="${number(radius)}" ry="${number(radius * 0.7)}" fill-opacity="${between(random, 0.25, 0.5)}"/>`,
    `<ellipse cx="${number(x + 3)}" cy="${number(y + 2)}" rx="${number(radius * 0.5)}" ry="${number(radius * 0.4)}" fill-opacity=".3"/></g>`,
  ].join("");
}

/** A dark jagged line that wanders and sends out a branch. */
export function drawCrack(random: RandomSource): string {
  const start = inside(random, 34);
  const angle = 2 * Math.PI * random.next();
  const trunk = wander(random, start, angle, 9 + random.integer(5));
  const fork = trunk[Math.floor(trunk.length / 2)] ?? start;
  const branch = wander(random, fork, angle + 0.9, 4);
  const opacity = between(random, 0.7, 0.95);
  return `<g fill="none" stroke="#0c0c0d" stroke-opacity="${opacity}" stroke-linejoin="bevel"><path d="${lines(trunk)}" stroke-width="1.5"/><path d="${lines(branch)}" stroke-width="1"/></g>`;
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
