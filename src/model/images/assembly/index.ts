/**
 * The two passes of resample.ts in SIMD, to the bit: whole weights of 2^-22, sums in 32 bits, rounded to bytes after each pass. Every function may read and write a few
 * bytes beyond what it is asked for; the caller leaves room for 16.
 */

const digits: i32 = 22;
const half: i32 = 1 << (digits - 1);

/** The first byte that is free for the caller. */
export function heapBase(): usize {
  return __heap_base;
}

/** Rows of pixels of three bytes: `columns` new pixels of every row, each a weighted sum of count[column] old ones from first[column] on. */
export function acrossThree(source: usize, rowBytes: usize, rows: i32, first: usize, count: usize, weight: usize, most: i32, columns: i32, target: usize): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let from = source + 3 * <usize>load<i32>(first + (<usize>column << 2));
      let share = weight + (<usize>(column * most) << 2);
      const end = share + (<usize>load<i32>(count + (<usize>column << 2)) << 2);
      let sums = i32x4.splat(half);
      while (share < end) {
        const pixel = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
        sums = i32x4.add(sums, i32x4.mul(pixel, v128.load32_splat(share)));
        from += 3;
        share += 4;
      }
      v128.store_lane<u32>(target, asBytes(sums), 0);
      target += 3;
    }
    source += rowBytes;
  }
}

/** As acrossThree for pixels of one byte. */
export function acrossOne(source: usize, rowBytes: usize, rows: i32, first: usize, count: usize, weight: usize, most: i32, columns: i32, target: usize): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let from = source + <usize>load<i32>(first + (<usize>column << 2));
      let share = weight + (<usize>(column * most) << 2);
      const end = share + (<usize>load<i32>(count + (<usize>column << 2)) << 2);
      let sum = half;
      while (share < end) {
        sum += <i32>load<u8>(from) * load<i32>(share);
        from += 1;
        share += 4;
      }
      store<u8>(target, <u8>max(0, min(255, sum >> digits)));
      target += 1;
    }
    source += rowBytes;
  }
}

/** `rows` new rows of rowBytes bytes, each a weighted sum of count[row] old ones from first[row] on; `source` is old row 0. */
export function down(source: usize, rowBytes: usize, first: usize, count: usize, weight: usize, most: i32, rows: i32, target: usize): void {
  for (let row = 0; row < rows; row++) {
    const top = source + <usize>load<i32>(first + (<usize>row << 2)) * rowBytes;
    const shares = weight + (<usize>(row * most) << 2);
    const end = shares + (<usize>load<i32>(count + (<usize>row << 2)) << 2);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      let a = i32x4.splat(half), b = i32x4.splat(half), c = i32x4.splat(half), d = i32x4.splat(half);
      let from = top + at;
      for (let share = shares; share < end; share += 4) {
        const w = v128.load32_splat(share);
        const bytes = v128.load(from);
        const low = i16x8.extend_low_i8x16_u(bytes);
        const high = i16x8.extend_high_i8x16_u(bytes);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), w));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), w));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), w));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), w));
        from += rowBytes;
      }
      const left = i16x8.narrow_i32x4_s(i32x4.shr_s(a, digits), i32x4.shr_s(b, digits));
      const right = i16x8.narrow_i32x4_s(i32x4.shr_s(c, digits), i32x4.shr_s(d, digits));
      v128.store(target + at, i8x16.narrow_i16x8_u(left, right));
    }
    // What the last step wrote too much is written over by the next row.
    target += rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function asBytes(sums: v128): v128 {
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sums, digits), i32x4.splat(0));
  return i8x16.narrow_i16x8_u(words, words);
}
