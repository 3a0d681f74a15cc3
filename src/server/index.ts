/**
 * What browsers and programs talk to: one Fastify server over one workspace. Sessions, rights and routes are here; what is stored is the store's, what is computed the engine's. The contract says
 * what goes over the wire. Everything is refused unless a route says who may use it.
 */
export { defaultHost, defaultPort, serve } from "./serve.ts";
export type { ServeOptions, Serving } from "./serve.ts";
export { makeApp } from "./app.ts";
export type { AppOptions, MadeApp } from "./app.ts";
export type { ComparedVersions, Engine, PictureAnswers, Tell, TimedJob } from "./engine.ts";
