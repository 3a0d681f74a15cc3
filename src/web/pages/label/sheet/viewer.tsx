import { useEffect, useRef, useState, type PointerEvent, type ReactNode } from "react";
import { Button } from "../../../elements/index.ts";
import { imageAddress } from "../../../services/api.ts";
import { useSay } from "../../../services/words/index.ts";
import { words } from "../words.ts";

interface ViewerProps {
  readonly picture: string;
  readonly name: string;
  /** Full size, by the held key; the button does the same and stays. */
  readonly held: boolean;
}

const ways = [
  { way: "left", sign: "←", x: -1, y: 0 },
  { way: "up", sign: "↑", x: 0, y: -1 },
  { way: "down", sign: "↓", x: 0, y: 1 },
  { way: "right", sign: "→", x: 1, y: 0 },
] as const;

/** A picture in its box, at full size under the pointer while asked; it can be moved without dragging. */
export function Viewer({ picture, name, held }: ViewerProps): ReactNode {
  const say = useSay(words);
  const [zoomed, zoom] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const pointer = useRef({ x: 0.5, y: 0.5 });
  const full = held || zoomed;
  useEffect(() => zoom(false), [picture]);
  const show = (): void => {
    const element = box.current;
    if (element === null) return;
    element.scrollLeft = (element.scrollWidth - element.clientWidth) * pointer.current.x;
    element.scrollTop = (element.scrollHeight - element.clientHeight) * pointer.current.y;
  };
  useEffect(() => {
    if (full) show();
  }, [full]);
  const follow = (event: PointerEvent<HTMLDivElement>): void => {
    const area = event.currentTarget.getBoundingClientRect();
    pointer.current = { x: (event.clientX - area.left) / area.width, y: (event.clientY - area.top) / area.height };
    if (held) show();
  };
  return (
    <div className="viewer">
      <div ref={box} className={full ? "viewer-box full" : "viewer-box"} onPointerMove={follow}>
        <img key={picture} src={imageAddress(picture, full ? "full" : 1280)} alt={name} onLoad={full ? show : undefined} draggable={false} />
      </div>
      <div className="row viewer-tools">
        <Button aria-pressed={zoomed} onClick={() => zoom(!zoomed)}>
          {say(zoomed ? "zoom.off" : "zoom")}
        </Button>
        {zoomed &&
          ways.map(({ way, sign, x, y }) => (
            <Button key={way} aria-label={say(`pan.${way}`)} onClick={() => box.current?.scrollBy(x * 120, y * 120)}>
              {sign}
            </Button>
          ))}
      </div>
    </div>
  );
}
