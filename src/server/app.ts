/** The server without its socket: routes, guards, failures. Tests send requests to it directly. */
import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import multipart from "@fastify/multipart";
import swagger from "@fastify/swagger";
import fastify from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Logger } from "../log.ts";
import type { Store } from "../workspace/index.ts";
import { installGuard, type GuardedRoute } from "./access/guard.ts";
import { Throttle } from "./access/throttle.ts";
import type { App, Context } from "./context.ts";
import { installDocsPage } from "./docs-page.ts";
import type { Engine, Tell } from "./engine.ts";
import { EventHub } from "./events.ts";
import { problemFor, sendProblem } from "./problems.ts";
import { answerRoutes } from "./routes/answers.ts";
import { categoryRoutes } from "./routes/categories.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { newsRoutes } from "./routes/news.ts";
import { peopleRoutes } from "./routes/people.ts";
import { pictureRoutes } from "./routes/pictures.ts";
import { projectRoutes } from "./routes/projects.ts";
import { useRoutes } from "./routes/use.ts";
import { versionRoutes } from "./routes/versions.ts";
import { installWebApp, pagePolicy, webFolder } from "./web-app.ts";

/** What a server is made of. */
export interface AppOptions {
  readonly store: Store;
  /** Makes the engine; `tell` takes its news to the browsers. */
  readonly engine: (tell: Tell) => Engine;
  /** The address listened on, by which requests name us. */
  readonly host: string;
  readonly logger: Logger;
  /** Where the built web app lies. */
  readonly web?: string;
  readonly now?: () => number;
}

/** A server that is ready for requests. */
export interface MadeApp {
  readonly app: App;
  readonly events: EventHub;
  readonly engine: Engine;
  /** All of them, with who may use each. */
  readonly routes: readonly GuardedRoute[];
}

/** Everything but the socket. The database stays open when the server is closed: whoever opened it closes it. */
export async function makeApp({ store, engine: makeEngine, host, logger, web = webFolder, now }: AppOptions): Promise<MadeApp> {
  const app = fastify({ genReqId: () => randomBytes(6).toString("hex"), bodyLimit: 1_048_576, forceCloseConnections: "idle", routerOptions: { maxParamLength: 200 } }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const report = (thrown: unknown): void => logger.warn("internal.unexpected", thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  app.setErrorHandler((thrown, request, reply) => sendProblem(reply, problemFor(thrown, request, report)));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, { type: "about:blank", status: 404, title: "What was asked for does not exist.", code: "state.not-found", params: {}, fields: [], requestId: request.id }));
  await app.register(cookie);
  await app.register(multipart, { throwFileSizeLimit: true });
  await app.register(swagger, { openapi: { openapi: "3.1.0", info: { title: "Catwise", version: "1" } }, transform: jsonSchemaTransform });
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers({ "content-security-policy": pagePolicy, "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin" });
  });
  const routes = installGuard(app, store, host);
  store.tellLeftUndone(({ code, message }) => logger.warn(code, `When people and keys were last seen, and how much was asked, is not written down for now: ${message}`));
  const events = new EventHub();
  const engine = makeEngine((event) => events.tell(event));
  const context: Context = { store, engine, events, throttle: new Throttle(now) };
  await app.register(
    async (api: App) => {
      // What is known now is not what will be known next: only pictures are kept by browsers.
      api.addHook("onSend", async (_request, reply) => {
        if (reply.getHeader("cache-control") === undefined) reply.header("cache-control", "no-store");
      });
      for (const add of [peopleRoutes, projectRoutes, categoryRoutes, pictureRoutes, answerRoutes, jobRoutes, versionRoutes, useRoutes, newsRoutes]) add(api, context);
    },
    { prefix: "/api/v1" },
  );
  installDocsPage(app);
  await installWebApp(app, web);
  app.addHook("preClose", () => events.close());
  await app.ready();
  return { app, events, engine, routes };
}
