import { checkCells, checkLength, checkLoss, noCurvatures, type CellLoss, type CellProblem, type Cells, type CurvatureProduct, type LossGradient } from "../math/index.ts";
import { cutIntoRuns, sumsBytes } from "./cell-runs.ts";
import { operations, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";
import type { WasmMatrix } from "./wasm-matrix.ts";

/** A pass over the cells. */
export type CellOperation = typeof operations.lossGradient | typeof operations.curvature | typeof operations.logits;

const lossCode = (loss: CellLoss): number => (loss.kind === "bce" ? 0 : loss.detachFocal ? 2 : 1);

/** Cells of a matrix under one loss, in the shared memory: see assembly/cells.ts for how runs, partitions and sums lie. */
export class WasmCellProblem implements CellProblem {
  readonly heads: number;
  readonly columns: number;
  readonly cellCount: number;
  protected readonly memory: KernelMemory;
  protected readonly pool: Pool;
  private readonly owned: number[] = [];
  private releaseOnes: () => void = () => undefined;
  protected readonly job: number;
  protected readonly slotHead: Uint32Array;
  private readonly headStart: Uint32Array;
  protected readonly partitionStart: Uint32Array;
  /** (3 * runs), see cell-runs.ts. */
  protected readonly runs: Uint32Array;
  protected readonly partitions: number;
  private readonly stride: number;
  protected readonly active: Uint8Array;
  private readonly sparing: boolean;
  /** (slots): 1 where the curvatures of the head's cells are those of its last loss. */
  private readonly curvatures: Uint8Array;
  /** What passes add to before it is reduced: pointer and bytes of the partitions' copies, and of their sums. */
  protected readonly added: readonly { readonly pointer: number; readonly bytes: number }[];
  private readonly weights: Float32Array;
  private readonly intercepts: Float64Array;
  private readonly answer: Float32Array;
  private readonly result: LossGradient;
  private readonly curved: CurvatureProduct;

  /** `sparing`: curvatures and logits lie in one place, so that asking for logits takes the curvatures. */
  constructor(memory: KernelMemory, pool: Pool, matrix: Pick<WasmMatrix, "rows" | "columns" | "stride" | "pointer">, cells: Cells, loss: CellLoss, options: { readonly sparing?: boolean } = {}) {
    checkCells(cells, matrix.rows);
    checkLoss(loss);
    this.memory = memory;
    this.pool = pool;
    this.heads = cells.headStart.length - 1;
    this.columns = matrix.columns;
    this.cellCount = cells.row.length;
    this.stride = matrix.stride;
    this.headStart = cells.headStart.slice();
    const { slotHead, runs, partitionStart } = cutIntoRuns(cells, matrix.rows, 4 * matrix.stride);
    this.slotHead = slotHead;
    const runList = this.copyOf(runs);
    this.runs = memory.uint32(runList, runs.length);
    this.partitionStart = partitionStart;
    this.partitions = partitionStart.length - 1;
    const slots = slotHead.length;
    const M = this.cellCount;

    const curvature = this.own(4 * M);
    this.sparing = options.sparing === true;
    const answer = this.sparing ? curvature : this.own(4 * M);
    const active = this.own(slots);
    const weights = this.own(4 * slots * this.stride);
    const intercepts = this.own(8 * slots);
    const [lossSums, interceptGradient, interceptCurvature, interceptProduct] = Array.from({ length: 4 }, () => this.own(8 * this.heads));
    const gradient = this.own(8 * this.heads * this.columns);
    const product = this.own(8 * this.heads * this.columns);
    this.added = [4 * this.partitions * slots * this.stride, sumsBytes * this.partitions * slots].map((bytes) => ({ pointer: this.own(bytes), bytes }));
    const asl = loss.kind === "asl" ? loss : { gammaPositive: 0, gammaNegative: 0, margin: 0 };
    this.job = writeJob(memory, [
      { float64: asl.gammaPositive },
      { float64: asl.gammaNegative },
      { float64: asl.margin },
      lossCode(loss),
      matrix.pointer,
      4 * this.stride,
      this.copyOf(cells.row),
      this.copyOf(cells.target),
      this.weightsOf(cells.weight),
      this.copyOf(cells.offset),
      curvature,
      answer,
      runList,
      this.copyOf(partitionStart),
      this.partitions,
      slots,
      this.copyOf(slotHead),
      active,
      weights,
      intercepts,
      this.added[0].pointer,
      this.added[1].pointer,
      this.columns,
      gradient,
      lossSums,
      interceptGradient,
      interceptCurvature,
      product,
      interceptProduct,
    ]);
    this.owned.push(this.job);

    this.answer = memory.float32(answer, M);
    this.active = memory.bytes(active, slots);
    this.curvatures = new Uint8Array(slots);
    this.weights = memory.float32(weights, slots * this.stride);
    this.intercepts = memory.float64(intercepts, slots);
    const size = this.heads * this.columns;
    const perHead = (pointer: number): Float64Array => memory.float64(pointer, this.heads);
    this.result = {
      loss: perHead(lossSums),
      gradient: memory.float64(gradient, size),
      interceptGradient: perHead(interceptGradient),
      interceptCurvature: perHead(interceptCurvature),
    };
    this.curved = { product: memory.float64(product, size), interceptProduct: memory.float64(interceptProduct, this.heads) };
  }

  lossGradient(weights: Float64Array, intercepts: Float64Array, active?: Uint8Array): LossGradient {
    this.pass(operations.lossGradient, 2 * this.load(operations.lossGradient, weights, intercepts, active));
    return this.reducedGradient();
  }

  curvatureProduct(direction: Float64Array, directionIntercepts: Float64Array, active?: Uint8Array): CurvatureProduct {
    this.pass(operations.curvature, 2 * this.load(operations.curvature, direction, directionIntercepts, active));
    return this.reducedCurvature();
  }

  logits(weights: Float64Array, intercepts: Float64Array, out: Float32Array, active?: Uint8Array): void {
    checkLength("out", out, this.cellCount);
    this.pass(operations.logits, this.load(operations.logits, weights, intercepts, active));
    this.takeLogits(out);
  }

  dispose(): void {
    for (const pointer of this.owned.splice(0)) this.memory.release(pointer);
    this.releaseOnes();
    this.releaseOnes = () => undefined;
  }

  /** Lets the loaded heads pass over their cells. `cost`: the multiply-adds it takes. */
  protected pass(operation: CellOperation, cost: number): void {
    this.pool.run(operation, this.job, this.partitions, cost);
  }

  protected reducedGradient(): LossGradient {
    for (let slot = 0; slot < this.curvatures.length; slot++) if (this.active[slot] !== 0) this.curvatures[slot] = 1;
    this.pool.run(operations.reduceGradient, this.job, this.slotHead.length, this.reductionCost());
    return this.result;
  }

  protected reducedCurvature(): CurvatureProduct {
    this.pool.run(operations.reduceCurvature, this.job, this.slotHead.length, this.reductionCost());
    return this.curved;
  }

  /** Copies the logits of the heads last loaded. */
  protected takeLogits(out: Float32Array): void {
    for (let slot = 0; slot < this.slotHead.length; slot++) {
      if (this.active[slot] === 0) continue;
      const head = this.slotHead[slot];
      out.set(this.answer.subarray(this.headStart[head], this.headStart[head + 1]), this.headStart[head]);
    }
  }

  /** Puts the active heads where the kernels read them; returns the multiply-adds of one product over their cells. Throws before a curvature product of heads that have no curvatures. */
  protected load(operation: CellOperation, weights: Float64Array, intercepts: Float64Array, active: Uint8Array | undefined): number {
    const { heads, columns, stride, slotHead, headStart } = this;
    checkLength("weights", weights, heads * columns);
    checkLength("intercepts", intercepts, heads);
    if (active !== undefined) checkLength("active", active, heads);
    let cells = 0;
    for (let slot = 0; slot < slotHead.length; slot++) {
      const head = slotHead[slot];
      const wanted = active === undefined || active[head] !== 0;
      this.active[slot] = wanted ? 1 : 0;
      if (!wanted) continue;
      if (operation === operations.curvature && this.curvatures[slot] === 0) throw noCurvatures(head, this.sparing ? ", and after its logits" : "");
      // Before the pass: should it fail midway, some are overwritten.
      if (operation === operations.lossGradient || (operation === operations.logits && this.sparing)) this.curvatures[slot] = 0;
      this.weights.set(weights.subarray(head * columns, (head + 1) * columns), slot * stride);
      this.intercepts[slot] = intercepts[head];
      cells += headStart[head + 1] - headStart[head];
    }
    return cells * stride;
  }

  private reductionCost(): number {
    return this.partitions * this.slotHead.length * this.stride;
  }

  protected own(bytes: number): number {
    const pointer = this.memory.allocate(bytes);
    this.owned.push(pointer);
    return pointer;
  }

  private weightsOf(weight: Float32Array): number {
    if (weight.some((each) => each !== 1)) return this.copyOf(weight);
    const { pointer, release } = this.memory.ones.take(weight.length);
    this.releaseOnes = release;
    return pointer;
  }

  protected copyOf(values: Uint32Array | Float32Array): number {
    const pointer = this.own(4 * values.length);
    if (values instanceof Uint32Array) this.memory.uint32(pointer, values.length).set(values);
    else this.memory.float32(pointer, values.length).set(values);
    return pointer;
  }
}
