export { movedLines, type MovedLine } from "./moved.ts";
export { MovedLines } from "./moved-lines.tsx";
export { costsOf, neighbour, percentOf, perThousand, pointAt, typedPercent, type Cost, type Point } from "./tradeoff.ts";
