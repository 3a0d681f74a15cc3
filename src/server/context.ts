import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Store } from "../workspace/index.ts";
import type { Throttle } from "./access/throttle.ts";
import type { Engine } from "./engine.ts";
import type { EventHub } from "./events.ts";

/** What routes work with. */
export interface Context {
  readonly store: Store;
  readonly engine: Engine;
  readonly events: EventHub;
  readonly throttle: Throttle;
}

/** Fastify that checks requests and answers by the contract. */
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>;
