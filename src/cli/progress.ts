/**
 * Progress on stderr: a bar with rate and time left where a person watches, a line every few seconds where a log is kept,
 * nothing with --quiet. Stdout stays for results.
 */
import { setImmediate } from "node:timers/promises";
import cliProgress from "cli-progress";
import type { Checkpoint, ProgressEvent } from "../learn/index.ts";

/** Between two yields to the event loop (Ctrl-C is heard only then), in milliseconds. */
const yieldEvery = 40;
/** Between two lines of a log, in milliseconds. */
const lineEvery = 5000;

export interface Progress {
  readonly checkpoint: Checkpoint;
  /** Run `write` with the bar out of the way. */
  aside(write: () => void): void;
  stop(): void;
}

export function startProgress(quiet: boolean, stream: NodeJS.WriteStream = process.stderr): Progress {
  const show = quiet ? silent : stream.isTTY ? bar(stream) : lines(stream);
  let lastYield = performance.now();
  return {
    async checkpoint(event) {
      show.update(event);
      const now = performance.now();
      if (now - lastYield < yieldEvery) return;
      await setImmediate();
      lastYield = performance.now();
    },
    aside: (write) => show.aside(write),
    stop: () => show.stop(),
  };
}

interface Display {
  update(event: ProgressEvent): void;
  aside(write: () => void): void;
  stop(): void;
}

const silent: Display = { update() {}, aside: (write) => write(), stop() {} };

function bar(stream: NodeJS.WriteStream): Display {
  let current: { phase: string; bar: cliProgress.SingleBar; began: number } | undefined;
  const stop = (): void => {
    current?.bar.stop();
    current = undefined;
  };
  return {
    update(event) {
      if (current?.phase !== event.phase) {
        stop();
        const format = "{phase} {bar} {value}/{total} {rate} left {eta_formatted} {detail}";
        const single = new cliProgress.SingleBar({ format, stream, barsize: 24, hideCursor: true, clearOnComplete: true, gracefulExit: false, linewrap: false }, cliProgress.Presets.shades_classic);
        single.start(event.total, 0, { phase: event.phase, rate: "", detail: "" });
        current = { phase: event.phase, bar: single, began: performance.now() };
      }
      current.bar.setTotal(event.total);
      current.bar.update(event.done, { rate: rate(event.done, current.began), detail: event.detail ?? "" });
    },
    aside(write) {
      // Whatever is drawn next starts a bar of its own below the message.
      stop();
      write();
    },
    stop,
  };
}

function lines(stream: NodeJS.WriteStream): Display {
  let phase = "";
  let began = 0;
  let last = 0;
  return {
    update(event) {
      const now = performance.now();
      if (event.phase !== phase) {
        phase = event.phase;
        began = now;
        last = now;
        return;
      }
      if (now - last < lineEvery) return;
      last = now;
      const left = event.done > 0 ? ((now - began) / event.done) * (event.total - event.done) : Number.NaN;
      const remaining = Number.isFinite(left) ? `, about ${Math.ceil(left / 1000)} s left` : "";
      stream.write(`${phase}: ${event.done} of ${event.total}, ${rate(event.done, began)}${remaining}\n`);
    },
    aside: (write) => write(),
    stop() {},
  };
}

function rate(done: number, began: number): string {
  const seconds = (performance.now() - began) / 1000;
  if (seconds <= 0 || done === 0) return "";
  const perSecond = done / seconds;
  return `${perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2)}/s`;
}
