/** Morlet wavelets on a small pixel grid: the fixed filters of the scattering network. */

/** Pixels from the centre to the edge of a filter; its envelope has fallen to e^-6 there. */
export const filterRadius = 3;

/**
 * Real and imaginary parts, orientations x (2r+1)^2 each, of
 *   psi(u) = g(u) * (exp(i xi u_theta) - b),  g a Gaussian of deviation sigma across the wave and sigma / slant along it,
 * with b such that psi sums to zero (a flat picture answers nothing) and psi scaled to a sum of moduli of 2 (a grating of amplitude a
 * then answers about a / 2 or more). sigma = 0.85, xi = 3 pi / 4 and slant = 4 / orientations are Kymatio's and ScatNet's choices for one octave
 * (Bruna and Mallat 2013, "Invariant scattering convolution networks").
 */
export function morletFilters(orientations: number): { readonly real: Float32Array; readonly imaginary: Float32Array } {
  const side = 2 * filterRadius + 1;
  const area = side * side;
  const real = new Float32Array(orientations * area);
  const imaginary = new Float32Array(orientations * area);
  for (let orientation = 0; orientation < orientations; orientation++) {
    const one = morlet((Math.PI * orientation) / orientations, 4 / orientations);
    real.set(one.real, orientation * area);
    imaginary.set(one.imaginary, orientation * area);
  }
  return { real, imaginary };
}

/** The weights (1 4 6 4 1)/16 crossed with themselves: the low pass before every second pixel is dropped. */
export function binomialFilter(): Float32Array {
  const taps = [1, 4, 6, 4, 1];
  return Float32Array.from(taps.flatMap((a) => taps.map((b) => (a * b) / 256)));
}

function morlet(angle: number, slant: number): { real: number[]; imaginary: number[] } {
  const sigma = 0.85;
  const frequency = (3 * Math.PI) / 4;
  const envelope: number[] = [];
  const phase: number[] = [];
  for (let y = -filterRadius; y <= filterRadius; y++) {
    for (let x = -filterRadius; x <= filterRadius; x++) {
      const across = x * Math.cos(angle) + y * Math.sin(angle);
      const along = -x * Math.sin(angle) + y * Math.cos(angle);
      envelope.push(Math.exp(-(across * across + slant * slant * along * along) / (2 * sigma * sigma)));
      phase.push(frequency * across);
    }
  }
  const total = sum(envelope);
  const offsetReal = sum(envelope.map((value, at) => value * Math.cos(phase[at] ?? 0))) / total;
  const offsetImaginary = sum(envelope.map((value, at) => value * Math.sin(phase[at] ?? 0))) / total;
  const real = envelope.map((value, at) => value * (Math.cos(phase[at] ?? 0) - offsetReal));
  const imaginary = envelope.map((value, at) => value * (Math.sin(phase[at] ?? 0) - offsetImaginary));
  const norm = sum(real.map((value, at) => Math.hypot(value, imaginary[at] ?? 0))) / 2;
  return { real: real.map((value) => value / norm), imaginary: imaginary.map((value) => value / norm) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
