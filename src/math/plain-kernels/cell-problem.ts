import type { CellLoss, CellProblem, Cells, CurvatureProduct, LossGradient } from "../kernels.ts";
import { cellTermsOf, type CellTerms } from "./cell-loss.ts";
import { checkCells, checkLength, checkLoss, noCurvatures } from "./check-cells.ts";
import { dotRow } from "./dot-row.ts";
import { RowSum } from "./row-sum.ts";
import type { PlainMatrix } from "./matrix.ts";

/** Cells of a matrix under one loss; heads one after another, cells in their order, everything summed in float64. */
export class PlainCellProblem implements CellProblem {
  readonly heads: number;
  readonly columns: number;
  readonly cellCount: number;
  private readonly matrix: PlainMatrix;
  private readonly cells: Cells;
  private readonly terms: (s: number, y: number, out: CellTerms) => void;
  private readonly curvature: Float64Array;
  /** (K): 1 where they are those of the head's last loss. */
  private readonly curvatures: Uint8Array;
  private readonly result: LossGradient;
  private readonly curved: CurvatureProduct;

  constructor(matrix: PlainMatrix, cells: Cells, loss: CellLoss) {
    checkCells(cells, matrix.rows);
    checkLoss(loss);
    this.matrix = matrix;
    this.cells = cells;
    this.terms = cellTermsOf(loss);
    this.heads = cells.headStart.length - 1;
    this.columns = matrix.columns;
    this.cellCount = cells.row.length;
    this.curvature = new Float64Array(this.cellCount);
    this.curvatures = new Uint8Array(this.heads);
    const size = this.heads * this.columns;
    const sums = (): Float64Array => new Float64Array(this.heads);
    this.result = { loss: sums(), gradient: new Float64Array(size), interceptGradient: sums(), interceptCurvature: sums() };
    this.curved = { product: new Float64Array(size), interceptProduct: sums() };
  }

  lossGradient(weights: Float64Array, intercepts: Float64Array, active?: Uint8Array): LossGradient {
    this.check(weights, intercepts, active);
    const { columns, curvature, result } = this;
    const { headStart, row, target, weight, offset } = this.cells;
    const { data } = this.matrix;
    const terms: CellTerms = { loss: 0, slope: 0, curvature: 0 };
    for (let k = 0; k < this.heads; k++) {
      if (active !== undefined && active[k] === 0) continue;
      const gradient = result.gradient.subarray(k * columns, (k + 1) * columns).fill(0);
      const w = weights.subarray(k * columns, (k + 1) * columns);
      const sum = new RowSum(data, gradient);
      let loss = 0;
      let slopes = 0;
      let bends = 0;
      for (let cell = headStart[k]; cell < headStart[k + 1]; cell++) {
        const at = row[cell] * columns;
        const logit = dotRow(data, at, w) + intercepts[k] + offset[cell];
        this.terms(logit, target[cell], terms);
        curvature[cell] = weight[cell] * terms.curvature;
        bends += curvature[cell];
        loss += weight[cell] * terms.loss;
        const slope = weight[cell] * terms.slope;
        slopes += slope;
        sum.add(at, slope);
      }
      sum.finish();
      result.loss[k] = loss;
      result.interceptGradient[k] = slopes;
      result.interceptCurvature[k] = bends;
      this.curvatures[k] = 1;
    }
    return result;
  }

  curvatureProduct(direction: Float64Array, directionIntercepts: Float64Array, active?: Uint8Array): CurvatureProduct {
    this.check(direction, directionIntercepts, active);
    const { columns, curvature, curved } = this;
    const { headStart, row } = this.cells;
    const { data } = this.matrix;
    for (let k = 0; k < this.heads; k++) {
      if (active !== undefined && active[k] === 0) continue;
      if (this.curvatures[k] === 0 && headStart[k] < headStart[k + 1]) throw noCurvatures(k);
      const product = curved.product.subarray(k * columns, (k + 1) * columns).fill(0);
      const w = direction.subarray(k * columns, (k + 1) * columns);
      const sum = new RowSum(data, product);
      let bends = 0;
      for (let cell = headStart[k]; cell < headStart[k + 1]; cell++) {
        const at = row[cell] * columns;
        const bend = curvature[cell] * (dotRow(data, at, w) + directionIntercepts[k]);
        bends += bend;
        sum.add(at, bend);
      }
      sum.finish();
      curved.interceptProduct[k] = bends;
    }
    return curved;
  }

  logits(weights: Float64Array, intercepts: Float64Array, out: Float32Array, active?: Uint8Array): void {
    this.check(weights, intercepts, active);
    checkLength("out", out, this.cellCount);
    const { columns } = this;
    const { headStart, row, offset } = this.cells;
    for (let k = 0; k < this.heads; k++) {
      if (active !== undefined && active[k] === 0) continue;
      const w = weights.subarray(k * columns, (k + 1) * columns);
      for (let cell = headStart[k]; cell < headStart[k + 1]; cell++) {
        out[cell] = dotRow(this.matrix.data, row[cell] * columns, w) + intercepts[k] + offset[cell];
      }
    }
  }

  dispose(): void {
    // Ordinary memory: the garbage collector takes it.
  }

  private check(weights: Float64Array, intercepts: Float64Array, active: Uint8Array | undefined): void {
    checkLength("weights", weights, this.heads * this.columns);
    checkLength("intercepts", intercepts, this.heads);
    if (active !== undefined) checkLength("active", active, this.heads);
  }
}
