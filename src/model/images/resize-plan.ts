/** From the size of a picture to what is resized, cut out and padded, as torchvision reckons it. */
import type { Preprocessing } from "./preprocessing.ts";

export interface ResizePlan {
  readonly width: number;
  readonly height: number;
  readonly crop: { left: number; top: number; width: number; height: number } | null;
  readonly extend: { left: number; right: number; top: number; bottom: number } | null;
}

/** Sizes as torchvision reckons them: the long side truncated, the crop's corner rounded. */
export function planResize(size: { width: number; height: number }, preprocessing: Preprocessing): ResizePlan {
  const { width, height, resize, cropPct } = preprocessing;
  if (resize === "squash") return { width, height, crop: null, extend: null };
  if (resize === "squash-crop") return withCrop(Math.round(width / cropPct), Math.round(height / cropPct), preprocessing);
  const across = size.width / width;
  const down = size.height / height;
  if (resize === "letterbox") {
    const inside = {
      width: across >= down ? width : Math.max(1, Math.round(size.width / down)),
      height: across >= down ? Math.max(1, Math.round(size.height / across)) : height,
    };
    const left = Math.floor((width - inside.width) / 2);
    const top = Math.floor((height - inside.height) / 2);
    return { ...inside, crop: null, extend: { left, right: width - inside.width - left, top, bottom: height - inside.height - top } };
  }
  return across <= down
    ? withCrop(Math.round(width / cropPct), Math.max(height, Math.trunc((Math.round(width / cropPct) * size.height) / size.width)), preprocessing)
    : withCrop(Math.max(width, Math.trunc((Math.round(height / cropPct) * size.width) / size.height)), Math.round(height / cropPct), preprocessing);
}

function withCrop(width: number, height: number, input: { readonly width: number; readonly height: number }): ResizePlan {
  const crop = { left: roundHalfEven((width - input.width) / 2), top: roundHalfEven((height - input.height) / 2), width: input.width, height: input.height };
  return { width, height, crop, extend: null };
}

/** Python's round: halves go to the even neighbour; torchvision's centre crop uses it. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}
