/** Every bench, in the order of the page made from their results. */
import type { Bench } from "../harness/bench.ts";
import { auto } from "./auto.ts";
import { averagePrecision } from "./average-precision.ts";
import { beyondMemory } from "./beyond-memory.ts";
import { costCurves } from "./cost-curves.ts";
import { extraction } from "./extraction.ts";
import { labels } from "./labels.ts";
import { loop } from "./loop.ts";
import { metric } from "./metric.ts";
import { passes } from "./passes.ts";
import { solve } from "./solve.ts";
import { start } from "./start.ts";

export const benches: readonly Bench[] = [passes, metric, averagePrecision, solve, loop, auto, costCurves, beyondMemory, extraction, labels, start];
