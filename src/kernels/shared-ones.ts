/** What is needed of the kernels' memory. */
interface Bytes {
  allocate(bytes: number): number;
  release(pointer: number): void;
  float32(pointer: number, count: number): Float32Array;
}

/** Ones that all who need some read together: most cells weigh 1, and where there are millions of them, several times over, their weights would be a sixth of what a problem on streamed rows takes. */
export class SharedOnes {
  private readonly memory: Bytes;
  /** The newest is the longest; the others are given back when their last user is gone. */
  private readonly rows: { readonly pointer: number; readonly count: number; users: number }[] = [];

  constructor(memory: Bytes) {
    this.memory = memory;
  }

  /** At least `count` float32 ones; call `release` when they are needed no more. Nobody may write to them. */
  take(count: number): { readonly pointer: number; readonly release: () => void } {
    let row = this.rows.at(-1);
    if (row === undefined || row.count < count) {
      // Somewhat more: who comes next may need a few more than who came first.
      const some = Math.ceil(1.25 * count);
      row = { pointer: this.memory.allocate(4 * some), count: some, users: 0 };
      this.memory.float32(row.pointer, some).fill(1);
      this.rows.push(row);
    }
    const own = row;
    own.users += 1;
    return {
      pointer: own.pointer,
      release: () => {
        own.users -= 1;
        if (own.users > 0) return;
        this.rows.splice(this.rows.indexOf(own), 1);
        this.memory.release(own.pointer);
      },
    };
  }
}
