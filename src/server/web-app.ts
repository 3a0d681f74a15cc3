/** The built web app: its files, and its first page at every address that is no file and no part of the API. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import staticFiles from "@fastify/static";
import type { App } from "./context.ts";

/** Nothing from elsewhere, nothing in a frame. Styles may be set by the page itself: charts and virtual lists need it. */
export const pagePolicy = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Catwise</title>
<p>The web app has not been built. Run <code>npm run build</code>, then load this page again. <a href="/api/docs">The API works.</a></p>
<p lang="ja">画面がまだ作られていません。<code>npm run build</code> を実行してから、このページを読み込み直してください。</p></html>`;

/** Where the build puts the web app, seen from src/server and dist/server alike. */
export const webFolder = join(resolve(import.meta.dirname, "../.."), "dist", "web");

export async function installWebApp(app: App, folder: string): Promise<void> {
  const built = existsSync(join(folder, "index.html"));
  if (built) await app.register(staticFiles, { root: folder, serve: false, cacheControl: false });
  app.get("/*", { config: { right: "open" }, schema: { hide: true } }, async (request, reply) => {
    // "//" alone is no address: it would name another computer.
    const path = new URL(request.url.replace(/^\/+/, "/"), "http://localhost").pathname;
    if (path.startsWith("/api/")) return reply.callNotFound();
    if (!built) return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(notBuilt);
    const file = path.slice(1);
    // Files of the build are named by their content and never change; a name that is no file is an address of the app.
    if (/^assets\/[\w.-]+$/.test(file)) return existsSync(join(folder, file)) ? reply.header("cache-control", "public, max-age=31536000, immutable").sendFile(file) : reply.callNotFound();
    if (/^[\w-]+\.(?:ico|svg|png|webmanifest|txt)$/.test(file) && existsSync(join(folder, file))) return reply.header("cache-control", "no-cache").sendFile(file);
    return reply.header("cache-control", "no-cache").sendFile("index.html");
  });
}
