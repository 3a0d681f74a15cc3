import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Meter } from "./meter.ts";

describe("the progress of a job", () => {
  it("is told four times a second at most, but at once for a new phase and at its end", () => {
    let now = 0;
    const meter = new Meter(() => now);
    expect(meter.progress("read", 0, 100)).not.toBeNull();
    now = 249;
    expect(meter.progress("read", 5, 100)).toBeNull();
    now = 250;
    expect(meter.progress("read", 6, 100)).toMatchObject({ phase: "read", done: 6, total: 100 });
    now = 260;
    expect(meter.progress("read", 100, 100)).not.toBeNull();
    now = 261;
    expect(meter.progress("decide", 0, 10)).toMatchObject({ phase: "decide", done: 0, secondsLeft: null });
  });

  it("tells no time left before a tenth is done or five seconds have passed", () => {
    let now = 0;
    const meter = new Meter(() => now);
    meter.progress("read", 0, 1000);
    now = 1000;
    expect(meter.progress("read", 50, 1000)).toMatchObject({ secondsLeft: null });
    now = 2000;
    expect(meter.progress("read", 100, 1000)).toMatchObject({ secondsLeft: 18 });
    const slow = new Meter(() => now);
    slow.progress("read", 0, 1000);
    now = 7000;
    expect(slow.progress("read", 50, 1000)).toMatchObject({ secondsLeft: 95 });
  });

  it("says when a phase takes more than twice as long as was first told, and begins anew with the next", () => {
    let now = 0;
    const meter = new Meter(() => now);
    meter.progress("read", 0, 100);
    now = 1000;
    // Ten seconds in all.
    expect(meter.progress("read", 10, 100)).toMatchObject({ secondsLeft: 9, late: false });
    now = 20_000;
    expect(meter.progress("read", 40, 100)).toMatchObject({ secondsLeft: 0, late: false });
    now = 20_001;
    expect(meter.read().late).toBe(true);
    expect(meter.progress("decide", 0, 10)!.late).toBe(false);
  });

  it("never goes back, neither what is done nor the time left, within a phase", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 120 })), { minLength: 2, maxLength: 40 }), (steps) => {
        let now = 0;
        const meter = new Meter(() => now);
        meter.progress("read", 0, 100);
        let [done, left] = [0, Infinity];
        for (const [passed, to] of steps) {
          now += passed;
          const reading = meter.progress("read", to, 100) ?? meter.read();
          expect(reading.done).toBeGreaterThanOrEqual(done);
          if (reading.secondsLeft !== null) expect(reading.secondsLeft).toBeLessThanOrEqual(left);
          [done, left] = [reading.done, reading.secondsLeft ?? left];
        }
      }),
      { seed: 2 },
    );
  });
});
