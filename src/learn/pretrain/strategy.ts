import type { CellLoss } from "../../math/index.ts";

/** What a strategy makes of one cell: a target in [0, 1] with a weight, or null to leave the cell out. */
export interface PseudoLabel {
  readonly target: number;
  readonly weight: number;
}

/**
 * A way of training the base head on partial labels (stage 1). Each strategy is one file: its formula, source and published
 * defaults in its header, and this record. Uncertain cells count as unknown; a policy turns them into labels beforehand.
 */
export interface PretrainStrategy {
  readonly name: string;
  /** One sentence for help texts and tables. */
  readonly title: string;
  readonly source: string;
  readonly loss: CellLoss;
  /** What a cell whose label is unknown is taken for. */
  readonly unknown: PseudoLabel | null;
}
