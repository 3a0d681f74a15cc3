import { JointProblem, type CellProblem, type CurvatureProduct, type JointShare, type LossGradient } from "../../math/index.ts";
import { operations } from "../job.ts";
import type { CellOperation } from "../wasm-cell-problem.ts";
import { passOverWindows } from "./passes.ts";
import { StreamedCellProblem } from "./streamed-cell-problem.ts";

type Share = JointShare & { readonly problem: StreamedCellProblem };

/** Problems on one streamed matrix as one, so that each reading of the rows serves all of them. */
class StreamedJointProblem extends JointProblem<StreamedCellProblem> {
  protected override answerGradients(shares: readonly Share[]): readonly LossGradient[] {
    this.pass(operations.lossGradient, shares);
    return shares.map(({ problem }) => problem.takeGradient());
  }

  protected override answerProducts(shares: readonly Share[]): readonly CurvatureProduct[] {
    this.pass(operations.curvature, shares);
    return shares.map(({ problem }) => problem.takeProduct());
  }

  protected override answerLogits(shares: readonly Share[], outs: readonly Float32Array[]): void {
    this.pass(operations.logits, shares);
    shares.forEach(({ problem }, i) => problem.takeLogits(outs[i]));
  }

  private pass(operation: CellOperation, shares: readonly Share[]): void {
    if (shares.length === 0) return;
    const [{ problem: first }] = shares;
    passOverWindows(first.threads, first.matrix, operation, shares.map(({ problem, weights, intercepts, active }) => problem.prepare(operation, weights, intercepts, active)));
  }
}

/** Kernels.together: the readings of rows are shared where there are any. */
export function together(problems: readonly CellProblem[]): CellProblem {
  const [first] = problems;
  const streamed = problems.filter((problem) => problem instanceof StreamedCellProblem);
  if (first instanceof StreamedCellProblem && streamed.length === problems.length && streamed.every(({ matrix }) => matrix === first.matrix)) return new StreamedJointProblem(streamed);
  return new JointProblem(problems);
}
