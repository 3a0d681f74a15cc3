/** Keeps the pictures that are decoded at the same time from filling the memory: a photograph of 50 megapixels takes 150 MB. */

/** Pixels that may be decoded at once, about 200 MB of them; a larger picture is decoded alone. */
const budget = 64_000_000;

let free = budget;
const waiting: { readonly pixels: number; readonly start: () => void }[] = [];

/** Runs `work` as soon as there is room for that many pixels, first come, first served. */
export async function withinBudget<T>(pixels: number, work: () => Promise<T>): Promise<T> {
  const share = Math.min(pixels, budget);
  await new Promise<void>((start) => {
    waiting.push({ pixels: share, start });
    startWhatFits();
  });
  try {
    return await work();
  } finally {
    free += share;
    startWhatFits();
  }
}

function startWhatFits(): void {
  for (let next = waiting[0]; next !== undefined && next.pixels <= free; next = waiting[0]) {
    waiting.shift();
    free -= next.pixels;
    next.start();
  }
}
