import type { CellProblem, CurvatureProduct, LossGradient } from "./kernels.ts";
import { checkLength } from "./plain-kernels/check-cells.ts";

/** What one of the problems is asked: its own heads' numbers. */
export interface JointShare {
  readonly problem: CellProblem;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly active: Uint8Array;
}

/**
 * The heads of several problems as one problem: first those of the first, then those of the second, and so on; cells likewise. Each
 * problem answers as it would alone. Problems without an active head are not asked. The problems stay the caller's: dispose of them after this.
 */
export class JointProblem<P extends CellProblem = CellProblem> implements CellProblem {
  readonly heads: number;
  readonly columns: number;
  readonly cellCount: number;
  protected readonly problems: readonly P[];
  private readonly gradients: LossGradient;
  private readonly products: CurvatureProduct;

  /** At least one problem, all of the same columns. */
  constructor(problems: readonly P[]) {
    this.problems = problems;
    this.columns = problems[0].columns;
    this.heads = problems.reduce((sum, { heads }) => sum + heads, 0);
    this.cellCount = problems.reduce((sum, { cellCount }) => sum + cellCount, 0);
    const perHead = (): Float64Array => new Float64Array(this.heads);
    const size = this.heads * this.columns;
    this.gradients = { loss: perHead(), gradient: new Float64Array(size), interceptGradient: perHead(), interceptCurvature: perHead() };
    this.products = { product: new Float64Array(size), interceptProduct: perHead() };
  }

  lossGradient(weights: Float64Array, intercepts: Float64Array, active?: Uint8Array): LossGradient {
    const shares = this.shares(weights, intercepts, active);
    this.answerGradients(shares).forEach((answer, i) => {
      for (const key of ["loss", "gradient", "interceptGradient", "interceptCurvature"] as const) this.take(this.gradients[key], answer[key], shares[i]);
    });
    return this.gradients;
  }

  curvatureProduct(direction: Float64Array, directionIntercepts: Float64Array, active?: Uint8Array): CurvatureProduct {
    const shares = this.shares(direction, directionIntercepts, active);
    this.answerProducts(shares).forEach((answer, i) => {
      for (const key of ["product", "interceptProduct"] as const) this.take(this.products[key], answer[key], shares[i]);
    });
    return this.products;
  }

  logits(weights: Float64Array, intercepts: Float64Array, out: Float32Array, active?: Uint8Array): void {
    checkLength("out", out, this.cellCount);
    const shares = this.shares(weights, intercepts, active);
    this.answerLogits(
      shares,
      shares.map(({ firstCell, problem }) => out.subarray(firstCell, firstCell + problem.cellCount)),
    );
  }

  dispose(): void {
    // The problems are the caller's.
  }

  protected answerGradients(shares: readonly (JointShare & { readonly problem: P })[]): readonly LossGradient[] {
    return shares.map(({ problem, weights, intercepts, active }) => problem.lossGradient(weights, intercepts, active));
  }

  protected answerProducts(shares: readonly (JointShare & { readonly problem: P })[]): readonly CurvatureProduct[] {
    return shares.map(({ problem, weights, intercepts, active }) => problem.curvatureProduct(weights, intercepts, active));
  }

  protected answerLogits(shares: readonly (JointShare & { readonly problem: P })[], outs: readonly Float32Array[]): void {
    shares.forEach(({ problem, weights, intercepts, active }, i) => problem.logits(weights, intercepts, outs[i], active));
  }

  private shares(weights: Float64Array, intercepts: Float64Array, active: Uint8Array | undefined): (JointShare & { readonly problem: P; readonly firstHead: number; readonly firstCell: number })[] {
    const { heads, columns } = this;
    checkLength("weights", weights, heads * columns);
    checkLength("intercepts", intercepts, heads);
    if (active !== undefined) checkLength("active", active, heads);
    const all = active ?? new Uint8Array(heads).fill(1);
    let firstHead = 0;
    let firstCell = 0;
    return this.problems.flatMap((problem) => {
      const [from, to] = [firstHead, firstHead + problem.heads];
      const share = { problem, firstHead, firstCell, weights: weights.subarray(from * columns, to * columns), intercepts: intercepts.subarray(from, to), active: all.subarray(from, to) };
      firstHead = to;
      firstCell += problem.cellCount;
      return share.active.includes(1) ? [share] : [];
    });
  }

  /** Copies the active heads' numbers; the others keep their former values. */
  private take(into: Float64Array, answer: Float64Array, { firstHead, active }: { readonly firstHead: number; readonly active: Uint8Array }): void {
    const width = answer.length / active.length;
    active.forEach((yes, head) => {
      if (yes !== 0) into.set(answer.subarray(head * width, (head + 1) * width), (firstHead + head) * width);
    });
  }
}
