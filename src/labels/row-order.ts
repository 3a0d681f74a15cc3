/** Rows shorter than this are sorted where they lie; longer ones by an order of their own. */
const shortRow = 32;

/** Sorts the cells first .. end-1 by category; cells of one category stay in the order they came. */
export function sortRow(first: number, end: number, category: Uint32Array, value: Int8Array, weight: Float32Array): void {
  let sorted = true;
  for (let cell = first + 1; cell < end && sorted; cell += 1) sorted = category[cell - 1] <= category[cell];
  if (sorted) return;
  if (end - first < shortRow) insert(first, end, category, value, weight);
  else permute(first, end, category, value, weight);
}

function insert(first: number, end: number, category: Uint32Array, value: Int8Array, weight: Float32Array): void {
  for (let cell = first + 1; cell < end; cell += 1) {
    const [c, v, w] = [category[cell], value[cell], weight[cell]];
    let at = cell;
    for (; at > first && category[at - 1] > c; at -= 1) {
      category[at] = category[at - 1];
      value[at] = value[at - 1];
      weight[at] = weight[at - 1];
    }
    category[at] = c;
    value[at] = v;
    weight[at] = w;
  }
}

function permute(first: number, end: number, category: Uint32Array, value: Int8Array, weight: Float32Array): void {
  const [oldCategory, oldValue, oldWeight] = [category.slice(first, end), value.slice(first, end), weight.slice(first, end)];
  const order = Uint32Array.from(oldCategory, (_, at) => at).sort((one, other) => oldCategory[one] - oldCategory[other] || one - other);
  for (const [at, old] of order.entries()) {
    category[first + at] = oldCategory[old];
    value[first + at] = oldValue[old];
    weight[first + at] = oldWeight[old];
  }
}
