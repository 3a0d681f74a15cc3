/** News as they happen, and whether the server is well. */
import { z } from "zod";
import type { App, Context } from "../context.ts";

export function newsRoutes(app: App, { store, events }: Context): void {
  app.get("/events", { config: { right: "viewer" } }, (request, reply) => {
    const last = request.headers["last-event-id"];
    const hash = request.who?.key === null ? request.who.tokenHash : "";
    reply.hijack();
    events.listen(reply.raw, typeof last === "string" ? last : undefined, () => store.sessions.isOpen(hash));
  });

  app.get("/health", { config: { right: "open" }, schema: { response: { 200: z.object({ ok: z.boolean() }) } } }, () => ({ ok: true }));
}
