/** What a bench times: contenders that do the same job, each telling what it computed so that a bench can hold them to one another. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Answer {
  readonly milliseconds: number;
  /** A few numbers that stand for all that was computed. */
  readonly values: readonly number[];
}

export interface Contender {
  readonly name: string;
  readonly run: () => Answer | Promise<Answer>;
  readonly close: () => void | Promise<void>;
}

/** A contender in this process. `job` is what is timed; `values` is read afterwards. */
export function ownContender<T>(name: string, job: () => T | Promise<T>, values: (result: T) => readonly number[], close: () => void = () => undefined): Contender {
  return {
    name,
    async run() {
      const began = performance.now();
      const result = await job();
      return { milliseconds: performance.now() - began, values: values(result) };
    },
    close,
  };
}

/**
 * A program that answers every line on its standard input with "milliseconds value value ...": it reads its problem before the first line, so that
 * runs of several such programs can be interleaved with runs here, and it times itself, so that talking to it costs nothing.
 */
export class Program {
  private readonly child;
  private readonly lines: AsyncIterator<string>;
  private readonly command: string;
  private complaint = "";

  constructor(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
    this.command = [command, ...args].join(" ");
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: environment });
    this.child.stderr.on("data", (chunk: Buffer) => (this.complaint = (this.complaint + chunk.toString()).slice(-4000)));
    this.lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  /** Rejects with what the program said on standard error when it ends instead of answering. */
  async ask(line: string): Promise<Answer> {
    this.child.stdin.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    const [milliseconds, ...values] = done === true ? [] : value.trim().split(/\s+/).map(Number);
    if (milliseconds === undefined || Number.isNaN(milliseconds)) throw new Error(`${this.command} gave no answer to "${line}".\n${this.complaint}`);
    return { milliseconds, values };
  }

  contender(name: string, line: string): Contender {
    return { name, run: () => this.ask(line), close: () => undefined };
  }

  close(): void {
    this.child.stdin.end();
    this.child.kill();
  }
}
