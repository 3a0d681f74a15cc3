import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sayer } from "../words/index.ts";
import { Pace } from "./pace.ts";
import { minutesLeft, withTimeLeft } from "./sentence.ts";
import { en } from "./words.en.ts";
import { ja } from "./words.ja.ts";

describe("the time left", () => {
  it("is not told in the first seconds, nor before a tenth has gone out or five seconds have passed", () => {
    const pace = new Pace(1_000);
    expect(pace.left(50, 100, 2_900)).toEqual({ secondsLeft: null, late: false });
    expect(pace.left(9, 100, 5_900)).toEqual({ secondsLeft: null, late: false });
    expect(new Pace(0).left(0, 100, 60_000)).toEqual({ secondsLeft: null, late: false });
    // 10 of 100 in 3 s: 27 s for the other 90.
    expect(pace.left(10, 100, 4_000)).toEqual({ secondsLeft: 27, late: false });
    // 5 of 100 in 5 s: 95 s for the other 95.
    expect(new Pace(0).left(5, 100, 5_000)).toEqual({ secondsLeft: 95, late: false });
  });

  it("falls only, however the pace changes, and says so when it takes twice as long as was first told", () => {
    const pace = new Pace(0);
    expect(pace.left(50, 100, 10_000)).toEqual({ secondsLeft: 10, late: false });
    expect(pace.left(50, 100, 15_000)).toEqual({ secondsLeft: 5, late: false });
    expect(pace.left(51, 100, 39_000)).toEqual({ secondsLeft: 0, late: false });
    expect(pace.left(52, 100, 41_000)).toEqual({ secondsLeft: 0, late: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 40 })), { maxLength: 50 }), (steps) => {
        const sending = new Pace(0);
        let [now, sent, former] = [0, 0, Infinity];
        for (const [time, more] of steps) {
          now += time;
          sent = Math.min(500, sent + more);
          const { secondsLeft } = sending.left(sent, 500, now);
          if (former < Infinity) expect(secondsLeft).not.toBeNull();
          if (secondsLeft === null) continue;
          expect(secondsLeft).toBeLessThanOrEqual(former);
          expect(secondsLeft).toBeGreaterThanOrEqual(0);
          former = secondsLeft;
        }
      }),
    );
  });

  it("is told in minutes rounded up, and less than one apart", () => {
    expect([59, 60, 61, 121].map(minutesLeft)).toEqual([0, 1, 2, 3]);
    const told = (["en", "ja"] as const).map((language) =>
      [
        { secondsLeft: null, late: false },
        { secondsLeft: 12, late: false },
        { secondsLeft: 170, late: false },
        { secondsLeft: 0, late: true },
      ].map((left) => withTimeLeft(sayer({ en, ja }, language), "3/9", left)),
    );
    expect(told).toEqual([
      ["3/9", "3/9, less than a minute left", "3/9, about 3 minutes left", "3/9, longer than expected"],
      ["3/9", "3/9、残り1分未満", "3/9、残り約3分", "3/9、予想より時間がかかっています"],
    ]);
  });
});
