import { memo, type ReactNode } from "react";
import { imageAddress } from "../../../services/api.ts";
import { useSay } from "../../../services/words/index.ts";
import { shapes } from "../answer-bar.tsx";
import type { AnswerValue } from "../answering.ts";
import { words } from "../words.ts";
import type { ListItem } from "./frozen-list.ts";

interface TileProps {
  readonly index: number;
  readonly column: number;
  readonly item: ListItem | undefined;
  readonly mine: AnswerValue;
  readonly chosen: boolean;
  readonly focused: boolean;
  readonly large: boolean;
}

/** One picture and my answer to it: on its frame and caption, never over the picture. The grid hears the pointer; tiles only look. */
export const Tile = memo(function Tile({ index, column, item, mine, chosen, focused, large }: TileProps): ReactNode {
  const say = useSay(words);
  const differ = item?.cell.differ === true;
  const state = `${say(mine === "none" ? "none" : mine)}${differ ? `, ${say("tile.differ")}` : ""}`;
  const name = item === undefined ? say("tile.loading") : item.group === null ? say("tile", { name: item.name, state }) : say("tile.group", { name: item.name, group: item.group, state });
  return (
    <div role="gridcell" aria-colindex={column + 1} aria-selected={chosen} aria-label={name} tabIndex={focused ? 0 : -1} data-index={index} className={`tile ${mine}${chosen ? " chosen" : ""}`}>
      <div className="picture">{item !== undefined && <img src={imageAddress(item.picture, large ? 512 : 256)} alt="" decoding="async" draggable={false} />}</div>
      <div className="caption" aria-hidden="true">
        {mine !== "none" && <span className={`sign ${mine}`}>{shapes[mine]}</span>}
        <span className="name">{item?.name}</span>
        {differ && item !== undefined && (
          <span className="differ">
            {item.cell.yes}≠{item.cell.no}
          </span>
        )}
        {chosen && <span className="check">●</span>}
      </div>
    </div>
  );
});
