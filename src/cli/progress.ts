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
        // What is done in one go has nothing to count; only that it is under way can be shown.
        const format = event.total > 1 ? "{phase} {bar} {value}/{total}{pace}{detail}" : "{phase} ...{detail}";
        const single = new cliProgress.SingleBar({ format, stream, barsize: 24, hideCursor: true, clearOnComplete: true, gracefulExit: false, linewrap: false }, cliProgress.Presets.shades_classic);
        single.start(event.total, 0, { phase: event.phase, pace: "", detail: "" });
        current = { phase: event.phase, bar: single, began: performance.now() };
      }
      current.bar.setTotal(event.total);
      const pace = paceText(event, current.began);
      current.bar.update(event.done, { pace: pace === "" ? "" : `, ${pace}`, detail: event.detail === undefined ? "" : ` ${event.detail}` });
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
      const pace = paceText(event, began);
      stream.write(`${phase}: ${event.done} of ${event.total}${pace === "" ? "" : `, ${pace}`}\n`);
    },
    aside: (write) => write(),
    stop() {},
  };
}

/** "12/s, about 1 min 5 s left"; nothing before there is anything to go by. */
function paceText({ done, total }: ProgressEvent, began: number): string {
  const seconds = (performance.now() - began) / 1000;
  if (seconds < 0.5 || done === 0) return "";
  const perSecond = done / seconds;
  const rate = perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
  return `${rate}/s, about ${durationText((total - done) / perSecond)} left`;
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
