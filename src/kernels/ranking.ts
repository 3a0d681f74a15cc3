import { expected } from "../errors.ts";
import { checkLength, plainReplicatedAveragePrecisions, type RankedCells, type ReplicatedAveragePrecisions, type Replicates } from "../math/index.ts";
import { operations, scratchBytes, writeJob } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import type { Pool } from "./pool/index.ts";

/** Five sweeps over the keys, together about as dear as this many multiply-adds per score. */
const costPerScore = 30;
/** Of one replicate of one score, likewise. */
const costPerDraw = 0.5;
/** Bytes that a replicate takes of a thread's scratch: see replicates in assembly/ranking.ts. */
const scratchPerLane = 22;
/** Keep equal to STARTS_BYTES in assembly/placing.ts. */
const startsBytes = (4 << 17) + 64;
/** Cells brought into the kernels' memory at a time. */
const mostCells = 2 ** 24;

/** Average precision by sorting, on threads. Keeps the memory it sorts in from call to call, because asking anew for zeroed memory takes as long as sorting. */
export class WasmRanking {
  private readonly memory: KernelMemory;
  private readonly pool: Pool;
  private room: (Room & { readonly pointers: Pointers }) | null = null;

  private drawn: { readonly draws: Replicates; readonly pointer: number; readonly lanes: number } | null = null;

  constructor(memory: KernelMemory, pool: Pool) {
    this.memory = memory;
    this.pool = pool;
  }

  /** Average precision of each head; NaN without a positive or a negative, and for heads left out. */
  averagePrecisions(scores: Float32Array, positive: Uint8Array, headStart: Uint32Array, active?: Uint8Array): Float64Array {
    checkLength("positive", positive, scores.length);
    const out = new Float64Array(headStart.length - 1).fill(Number.NaN);
    for (const heads of groupsOfHeads(headStart)) this.rank({ scores, positive, headStart }, heads, active, null, (point) => out.set(point, heads.from));
    return out;
  }

  /** See Kernels.replicatedAveragePrecisions. */
  replicatedAveragePrecisions(cells: RankedCells, draws: Replicates, active?: Uint8Array): ReplicatedAveragePrecisions {
    const { scores, positive, headStart, image } = cells;
    checkLength("positive", positive, scores.length);
    checkLength("image", image, scores.length);
    for (let i = 0; i < scores.length; i++) if (Number.isNaN(scores[i])) throw expected("scores", "numbers", `NaN at position ${i}`);
    const { count: R } = draws;
    const drawn = this.drawnBytes(draws);
    if (drawn === null) return plainReplicatedAveragePrecisions(cells, draws, active);
    const { lanes } = drawn;
    const K = headStart.length - 1;
    const point = new Float64Array(K).fill(Number.NaN);
    const replicates = new Float64Array(K * R).fill(Number.NaN);
    for (const heads of groupsOfHeads(headStart)) {
      this.rank({ scores, positive, headStart }, heads, active, { image, drawn: drawn.pointer, lanes, work: R }, (once, replicated) => {
        point.set(once, heads.from);
        for (let k = 0; k < heads.to - heads.from; k++) if (!Number.isNaN(once[k])) replicates.set(replicated.subarray(k * lanes, k * lanes + R), (heads.from + k) * R);
      });
    }
    return { point, replicates };
  }

  /**
   * The multiplicities as (images x lanes) bytes in the kernels' memory, kept until others are asked for: many score vectors are judged on the same draws. Null for what does
   * not fit into bytes, or whose sums do not fit into a thread's scratch: that is for the plain walk, which knows no such bounds.
   */
  private drawnBytes(draws: Replicates): { readonly pointer: number; readonly lanes: number } | null {
    if (this.drawn?.draws === draws) return this.drawn;
    const { count: R, multiplicity } = draws;
    const lanes = Math.ceil(R / 16) * 16;
    if (R === 0 || lanes * scratchPerLane > scratchBytes) return null;
    for (let i = 0; i < multiplicity.length; i++) if (multiplicity[i] > 255) return null;
    // Forgotten before it is released: should there be no memory for the new ones, nobody may write to what is somebody else's by then.
    const former = this.drawn;
    this.drawn = null;
    if (former !== null) this.memory.release(former.pointer);
    const images = multiplicity.length / R;
    const pointer = this.memory.allocate(lanes * images);
    const bytes = this.memory.bytes(pointer, lanes * images);
    for (let i = 0; i < images; i++) for (let r = 0; r < R; r++) bytes[i * lanes + r] = multiplicity[i * R + r];
    this.drawn = { draws, pointer, lanes };
    return this.drawn;
  }

  private rank(
    { scores, positive, headStart }: Omit<RankedCells, "image">,
    { from, to }: HeadRange,
    active: Uint8Array | undefined,
    draws: { readonly image: Uint32Array; readonly drawn: number; readonly lanes: number; readonly work: number } | null,
    read: (point: Float64Array, replicated: Float64Array) => void,
  ): void {
    const { memory, pool } = this;
    const [first, end] = [headStart[from], headStart[to]];
    const [cells, heads, lanes] = [end - first, to - from, draws?.lanes ?? 0];
    const at = this.roomFor({ cells, heads, lanes, longest: longestHead(headStart, from, to) });
    memory.float32(at.scores, cells).set(scores.subarray(first, end));
    memory.bytes(at.positive, cells).set(positive.subarray(first, end));
    memory.uint32(at.headStart, heads + 1).set(headStart.subarray(from, to + 1).map((start) => start - first));
    const wanted = memory.bytes(at.active, heads);
    if (active === undefined) wanted.fill(1);
    else wanted.set(active.subarray(from, to));
    if (draws !== null) memory.uint32(at.image, cells).set(draws.image.subarray(first, end));
    const out = memory.float64(at.out, heads).fill(Number.NaN);
    const job = writeJob(memory, [at.scores, at.positive, at.headStart, at.active, at.keys, at.spare, this.room?.longest ?? 0, 0, at.out, draws === null ? 0 : at.image, draws?.drawn ?? 0, lanes, at.replicated]);
    try {
      pool.run(operations.rank, job, heads, (costPerScore + costPerDraw * (draws?.work ?? 0)) * cells);
    } finally {
      memory.release(job);
    }
    read(out, memory.float64(at.replicated, heads * lanes));
  }

  private roomFor(needed: Room): Pointers {
    const { room, memory, pool } = this;
    const names = ["cells", "heads", "lanes", "longest"] as const;
    if (room !== null && names.every((name) => room[name] >= needed[name])) return room.pointers;
    // As for drawnBytes: forgotten first.
    this.room = null;
    if (room !== null) for (const pointer of Object.values(room.pointers)) memory.release(pointer);
    const [cells, heads, lanes, longest] = names.map((name) => Math.max(needed[name], room?.[name] ?? 0));
    const size = { cells, heads, lanes, longest };
    const bytes: Pointers = {
      scores: 4 * size.cells,
      positive: size.cells,
      headStart: 4 * (size.heads + 1),
      active: size.heads,
      keys: 8 * size.longest * pool.threads,
      spare: (8 * size.longest + startsBytes) * pool.threads,
      out: 8 * size.heads,
      image: 4 * size.cells,
      replicated: 8 * size.heads * size.lanes,
    };
    const taken: number[] = [];
    try {
      for (const each of Object.values(bytes)) taken.push(memory.allocate(each));
    } catch (error) {
      for (const pointer of taken) memory.release(pointer);
      throw error;
    }
    const pointers = Object.fromEntries(Object.keys(bytes).map((name, at) => [name, taken[at]])) as Record<keyof Pointers, number>;
    this.room = { ...size, pointers };
    return pointers;
  }
}

type Pointers = Readonly<Record<"scores" | "positive" | "headStart" | "active" | "keys" | "spare" | "out" | "image" | "replicated", number>>;

interface Room {
  readonly cells: number;
  readonly heads: number;
  readonly lanes: number;
  /** Cells of the longest head: what each thread sorts in. */
  readonly longest: number;
}

interface HeadRange {
  readonly from: number;
  readonly to: number;
}

/** Neighbouring heads with no more than `mostCells` cells together, or one alone. */
function groupsOfHeads(headStart: Uint32Array): HeadRange[] {
  const groups: HeadRange[] = [];
  const K = headStart.length - 1;
  for (let from = 0; from < K; ) {
    let to = from + 1;
    while (to < K && headStart[to + 1] - headStart[from] <= mostCells) to += 1;
    groups.push({ from, to });
    from = to;
  }
  return groups;
}

function longestHead(headStart: Uint32Array, from: number, to: number): number {
  let longest = 0;
  for (let k = from; k < to; k++) longest = Math.max(longest, headStart[k + 1] - headStart[k]);
  return longest;
}
