/** The API's reference at /api/docs: one page made from the routes themselves, without a script and without anything from elsewhere. */
import type { App } from "./context.ts";

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: unknown }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }>>;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

export function installDocsPage(app: App): void {
  app.get("/api/docs/openapi.json", { config: { right: "open" }, schema: { hide: true } }, (_request, reply) => reply.type("application/json").send(JSON.stringify(app.swagger())));
  app.get("/api/docs", { config: { right: "open" }, schema: { hide: true } }, (_request, reply) => reply.type("text/html; charset=utf-8").send(pageOf(app.swagger().paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>)));
}

function pageOf(paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>): string {
  const parts = Object.entries(paths).flatMap(([path, item]) => methods.flatMap((method) => (item[method] === undefined ? [] : [operation(method, path, item[method])])));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Catwise API</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}h2{font:700 1rem ui-monospace,monospace;border-top:1px solid #ccc;padding-top:1rem}pre{background:#f5f6f8;padding:.75rem;overflow:auto}code{font-family:ui-monospace,monospace}</style>
<h1>Catwise API</h1>
<p>Programs send a key in <code>X-Api-Key</code>; keys are made under Use, Keys. Errors are <code>application/problem+json</code> with a <code>code</code>. The same as <a href="/api/docs/openapi.json">OpenAPI</a>.</p>
<pre>curl -H "X-Api-Key: $KEY" -F "files=@picture.jpg" http://127.0.0.1:4711/api/v1/predict</pre>
${parts.join("\n")}
</html>`;
}

function operation(method: string, path: string, { summary, parameters = [], requestBody, responses = {} }: Operation): string {
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const [status, answer] = Object.entries(responses).find(([each]) => each.startsWith("2")) ?? ["", {}];
  const schema = Object.values(answer.content ?? {})[0]?.schema;
  return [
    `<h2 id="${escaped(`${method}-${path}`)}">${method.toUpperCase()} ${escaped(path)}</h2>`,
    summary === undefined ? "" : `<p>${escaped(summary)}</p>`,
    parameters.length === 0 ? "" : `<p>${parameters.map((each) => `<code>${escaped(each.name)}</code> (${each.in}${each.required === true ? "" : ", may be left out"})`).join(", ")}</p>`,
    body === undefined ? "" : `<details><summary>Body</summary><pre>${escaped(JSON.stringify(body, undefined, 2))}</pre></details>`,
    schema === undefined ? "" : `<details><summary>Answer ${status}</summary><pre>${escaped(JSON.stringify(schema, undefined, 2))}</pre></details>`,
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
