/**
 * Drawn pictures of machined plates with defects, for the demo: every label is exact because the drawing decided it.
 *
 * Pictures of one lot (four in a row) share steel, light and machining marks, as parts of one delivery do; their `group` keeps them in
 * one part of a split. Cracks come more often with dents, burrs more often with missing holes; cracks and burrs are rare.
 */
import { randomSource } from "../../math/index.ts";
import type { RandomSource } from "../../math/index.ts";
import { drawBurr, drawCrack, drawDent, drawScratch, drawStain, number } from "./defects.ts";

/** The defects that are drawn on the demo's plates. */
export const demoCategories = ["scratch", "dent", "stain", "missing-hole", "crack", "burr"] as const;

/** Side of a picture, pixels. */
export const demoSize = 128;

/** A drawn plate with its labels. */
export interface DemoPicture {
  /** File name: plate-00042.png. */
  readonly id: string;
  readonly svg: string;
  /** 1 or 0 for each of demoCategories, exact. */
  readonly labels: Uint8Array;
  /** The lot the plate belongs to. */
  readonly group: string;
}

const lotSize = 4;

/** The picture of an index (a whole number from 0); the same index and seed give the same picture whatever else is drawn. */
export function demoPicture(index: number, seed: number): DemoPicture {
  const lot = Math.floor(index / lotSize);
  const lotRandom = randomSource(`${seed}/demo/lot/${lot}`);
  const random = randomSource(`${seed}/demo/picture/${index}`);
  const steel = drawSteel(lotRandom, random);
  const labels = chooseDefects(random);
  const [scratch, dent, stain, missingHole, crack, burr] = labels;

  const centres = holeCentres(random);
  const missing = missingHole === 1 ? random.integer(centres.length) : -1;
  const drilled = centres.filter((_, at) => at !== missing);
  // What happened to the plate's face ends at its edge and at its holes: it is drawn before them.
  const face = [stain === 1 ? drawStain(random) : "", dent === 1 ? drawDent(random) : "", scratch === 1 ? drawScratch(random) : "", crack === 1 ? drawCrack(random) : ""];
  const layers = [
    `<g clip-path="url(#plate)">${face.join("")}</g>`,
    ...drilled.map(
      ([x, y]) =>
        `<circle cx="${number(x)}" cy="${number(y)}" r="7.5" fill="#16181a" stroke="#c9ced2" stroke-opacity=".45" stroke-width="1.2"/>` +
        `<path d="M${number(x - 5.2)} ${number(y + 2)}A5.6 5.6 0 0 0 ${number(x + 5.2)} ${number(y + 2)}" fill="none" stroke="#fff" stroke-opacity=".16" stroke-width="1.2"/>`,
    ),
    burr === 1 ? drawBurr(random, drilled) : "",
  ];
  return {
    id: `plate-${String(index).padStart(5, "0")}.png`,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${demoSize}" height="${demoSize}" viewBox="0 0 128 128">${steel}${layers.join("")}</svg>`,
    labels,
    group: `lot-${String(lot).padStart(4, "0")}`,
  };
}

/** The first `count` pictures of a seed; a larger set begins with the smaller one. */
export function demoSet(count: number, seed: number): DemoPicture[] {
  return Array.from({ length: count }, (_, index) => demoPicture(index, seed));
}

function chooseDefects(random: RandomSource): Uint8Array {
  const happens = (probability: number): 0 | 1 => (random.next() < probability ? 1 : 0);
  const scratch = happens(0.32);
  const dent = happens(0.22);
  const stain = happens(0.26);
  const missingHole = happens(0.14);
  const crack = happens(dent === 1 ? 0.28 : 0.04);
  const burr = happens(missingHole === 1 ? 0.25 : 0.05);
  return Uint8Array.from([scratch, dent, stain, missingHole, crack, burr]);
}

/** Four holes near the corners, each a little off its place. */
function holeCentres(random: RandomSource): [number, number][] {
  const corners: [number, number][] = [[26, 26], [102, 26], [26, 102], [102, 102]];
  return corners.map(([x, y]) => [x + 3 * (random.next() - 0.5), y + 3 * (random.next() - 0.5)]);
}

/** The plate without defects: brushed steel, light from a side, faint tool marks that are no defect, and the plate's edge. */
function drawSteel(lot: RandomSource, random: RandomSource): string {
  const along = number(0.008 + 0.012 * lot.next());
  const across = number(0.25 + 0.45 * lot.next());
  const frequency = lot.next() < 0.5 ? `${along} ${across}` : `${across} ${along}`;
  const grey = 118 + Math.round(50 * lot.next());
  const depth = number(0.22 + 0.22 * lot.next());
  const light = lot.next() < 0.5 ? 'x2="1" y2="0.4"' : 'x2="0.4" y2="1"';
  const marks = Array.from({ length: lot.integer(3) }, () => {
    const radius = 60 + 60 * lot.next();
    const centre = -20 + 40 * random.next();
    return `<circle cx="${number(centre)}" cy="${number(centre + 20)}" r="${number(radius)}" fill="none" stroke="#fff" stroke-opacity=".13" stroke-width="1.1"/>`;
  });
  const seed = random.integer(10_000);
  return [
    `<defs><clipPath id="plate"><rect x="6" y="6" width="116" height="116" rx="5"/></clipPath><filter id="steel" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="3" seed="${seed}"/>`,
    `<feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ${depth} ${depth} ${depth} 0 -${number(0.75 * Number(depth))}"/></filter>`,
    `<linearGradient id="light" x1="0" y1="0" ${light}><stop stop-color="#fff" stop-opacity=".22"/><stop offset="1" stop-color="#000" stop-opacity=".25"/></linearGradient></defs>`,
    `<rect width="128" height="128" fill="#2a2c2e"/><rect x="6" y="6" width="116" height="116" rx="5" fill="rgb(${grey},${grey + 3},${grey + 6})"/>`,
    `<rect x="6" y="6" width="116" height="116" rx="5" filter="url(#steel)"/><rect x="6" y="6" width="116" height="116" rx="5" fill="url(#light)"/>`,
    `<g clip-path="url(#plate)">${marks.join("")}</g>`,
  ].join("");
}
