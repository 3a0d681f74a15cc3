/** Every bench, in the order of the page made from their results. */
import type { Bench } from "../harness/bench.ts";
import { passes } from "./passes.ts";

export const benches: readonly Bench[] = [passes];
