/** Scores as whole numbers: how many of equal steps they lie above the least. */

/** Ascending with the score, as each of its operations is; of a float32 from 2^23 on, the last bits are those of a whole number. */
// @ts-ignore: decorator
@inline
export function stepOf(score: f32, low: f32, scale: f32): u32 {
  return reinterpret<u32>((score - low) * scale + 8388608);
}

/** In the first lane the least, in the second the greatest; NaN in both where there is one. */
export function borders(scores: usize, count: usize): v128 {
  let low = v128.load32_splat(scores);
  let high = low;
  let strange = f32x4.ne(low, low);
  const end = scores + (count << 2);
  for (let at = scores; at < end; ) {
    // At the end one by one.
    const whole = at + 16 <= end;
    const some = whole ? v128.load(at) : v128.load32_splat(at);
    at += whole ? 16 : 4;
    low = f32x4.pmin(low, some);
    high = f32x4.pmax(high, some);
    strange = v128.or(strange, f32x4.ne(some, some));
  }
  if (v128.any_true(strange)) return f32x4.splat(NaN);
  low = f32x4.pmin(low, v128.shuffle<f32>(low, low, 2, 3, 0, 1));
  low = f32x4.pmin(low, v128.shuffle<f32>(low, low, 1, 0, 3, 2));
  high = f32x4.pmax(high, v128.shuffle<f32>(high, high, 2, 3, 0, 1));
  high = f32x4.pmax(high, v128.shuffle<f32>(high, high, 1, 0, 3, 2));
  return v128.shuffle<f32>(low, high, 0, 4, 0, 4);
}
