/**
 * A server in memory that answers by the contract: for what a real one cannot be made to do at will (be gone, end a session, hold 100,000 pictures in no time). What it keeps is open to tests.
 */
import { readFileSync, existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import type { Answer, AnswerValue, Category, Job, ListItem, Me, NextSteps, Person, Picture, Project } from "../../src/server/contract/index.ts";

const web = resolve(import.meta.dirname, "../../dist/web");
const types: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
/** The real server's. */
export const policy = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

interface Options {
  readonly pictures: number;
  readonly categories?: readonly string[];
  /** Signed in from the beginning. */
  readonly signedIn?: boolean;
}

const now = "2026-11-23T05:05:00.000Z";

export class StandIn {
  readonly answers: Answer[] = [];
  readonly #undone: Answer[] = [];
  jobs: Job[] = [];
  gone = false;
  sessionEnded = false;
  /** Gone for answers alone. */
  held = false;
  /** So many milliseconds it takes to tell what people say of a picture. */
  slow = 0;
  /** Whether somebody asked to delete the project; it stays. */
  deleted = false;
  /** Categories whose answers are rejected. */
  readonly removed = new Set<string>();
  readonly #server: Server;
  pictures: number;
  readonly #lists = new Map<string, { category: string; pictures: number[] }>();
  readonly #changed = new Map<string, Partial<Picture>>();
  #categories: Category[];
  #signedIn: boolean;
  #people: Person[] = [
    { id: "1", name: "Sato", role: "administrator", createdAt: now, disabledAt: null },
    { id: "2", name: "Ito", role: "annotator", createdAt: now, disabledAt: null },
  ];
  #preferences: Me["preferences"] = { language: null, theme: "system", density: "comfortable", keys: "both" };

  constructor({ pictures, categories = ["scratch", "dent", "stain"], signedIn = true }: Options) {
    this.pictures = pictures;
    this.#signedIn = signedIn;
    this.#categories = categories.map((name, position) => ({
      id: String(7 + position),
      name,
      definition: position === 0 ? "A line longer than 2 mm, visible at arm's length." : "",
      position,
      starred: position === 0,
      prevalence: null,
      examples: position === 0 && pictures > 8 ? (["yes", "yes", "no", "hard"] as const).map((kind, at) => ({ picture: String(at + 1), kind })) : [],
      counts: { yes: 0, no: 0, unsure: 0, several: 0, differ: 0, notAsked: pictures },
      revision: 1,
      removedAt: null,
    }));
    this.#server = createServer((request, response) => {
      if (this.gone) request.socket.destroy();
      else void this.#answer(request, response);
    });
  }

  async start(host = "127.0.0.1"): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, host, done));
    return `http://${host}:${String((this.#server.address() as AddressInfo).port)}`;
  }
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** What Sato says of a cell. */
  mine(picture: string, category: string): AnswerValue {
    return this.answers.findLast((one) => one.picture === picture && one.category === category)?.value ?? "none";
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("content-security-policy", policy);
    if (!url.pathname.startsWith("/api/")) return this.#file(url.pathname, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body: unknown = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : null;
    const path = url.pathname.replace("/api/v1/", "").split("/");
    if (this.held && path[2] === "answers") return void request.socket.destroy();
    if (path[0] === "events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(":\n\n");
      return;
    }
    if (path[0] === "pictures" && path[2] === "image") return this.#image(Number(path[1]), response);
    const open = ["setup", "session"].includes(path[0] ?? "");
    if (!open && (!this.#signedIn || this.sessionEnded)) return problem(response, 401, "access.unauthenticated");
    if (path[2] === "sheet" && this.slow > 0) await new Promise((done) => setTimeout(done, this.slow));
    const told = this.#route(request.method ?? "GET", path, url.searchParams, body);
    if (told === undefined) return problem(response, 404, "state.not-found");
    response.writeHead(told === null ? 204 : 200, { "content-type": "application/json" });
    response.end(told === null ? "" : JSON.stringify(told));
  }

  #route(method: string, path: readonly string[], query: URLSearchParams, body: unknown): unknown {
    const [first, second, third, fourth] = path;
    const project = this.#project();
    switch (`${method} ${first ?? ""}${third === undefined ? "" : `/${third}`}`) {
      case "POST setup":
      case "POST session":
        this.#signedIn = true;
        this.sessionEnded = false;
        return this.#me();
      case "DELETE session":
        this.#signedIn = false;
        return null;
      case "GET me":
        return this.#me();
      case "PATCH me":
        this.#preferences = { ...this.#preferences, ...(body as object) };
        return this.#me();
      case "GET people":
        return this.#people;
      case "GET projects":
        return second === undefined ? [project] : project;
      case "GET projects/versions":
        return [];
      case "GET projects/live":
        return { version: null, since: null, categories: [], answeredToday: 0 };
      case "PUT projects/versions":
      case "PATCH projects/models":
        return {};
      case "DELETE projects":
        this.deleted = true;
        return {};
      case "PATCH projects":
        return { ...project, regrouped: 20 };
      case "GET projects/next-steps":
        return {
          standing: { code: "standing.answering", params: { answered: project.cells.answered, all: project.cells.all } },
          steps: [{ code: "next.label", params: { category: "scratch", n: 38 }, because: { code: "because.fewYes", params: { category: "scratch", n: 38 } }, minutes: 15, href: "/p/3/label/7" }],
        } satisfies NextSteps;
      case "GET projects/categories":
        // One by itself is told whether it is removed or not.
        return fourth === undefined ? this.#categories.filter(({ removedAt }) => (removedAt !== null) === (query.get("state") === "removed")).map((one) => this.#counted(one)) : this.#categories.filter(({ id }) => id === fourth).map((one) => this.#counted(one))[0];
      case "PATCH projects/categories": {
        const { removed, ...change } = body as Partial<Category> & { readonly removed?: boolean; readonly reason?: string };
        delete change.reason;
        this.#categories = this.#categories.map((one) => (one.id === fourth ? { ...one, ...change, removedAt: removed === undefined ? one.removedAt : removed ? now : null, revision: one.revision + 1 } : one));
        return this.#categories.find((one) => one.id === fourth);
      }
      case "PUT projects/categories":
        return null;
      case "GET projects/pictures": {
        const from = Number(query.get("from") ?? 0);
        const [answer, category, text] = ["answer", "category", "q"].map((name) => query.get(name));
        const found = Array.from({ length: this.pictures }, (_, k) => k + 1).filter((k) => (answer === null || this.mine(String(k), category ?? "7") === (answer === "unasked" ? "none" : answer)) && (text === null || this.#picture(k).name.includes(text)));
        return { count: found.length, items: found.slice(from, Number(query.get("to") ?? from + 200)).map((k) => this.#picture(k)) };
      }
      case "GET jobs":
        return second === undefined ? this.jobs : this.jobs.find(({ id }) => id === second);
      case "POST jobs/continue":
      case "POST jobs/discard":
        this.jobs = this.jobs.map((one) => (one.id !== second ? one : third === "discard" ? { ...one, discarded: true } : { ...one, state: "working", problem: null }));
        return this.jobs.find(({ id }) => id === second);
      case "GET projects/import-problems":
        return { count: 1, items: [{ name: "broken.jpg", kind: "broken", code: "picture.broken", params: {}, picture: null, at: now }] };
      case "GET projects/cells":
        return this.answers.filter((one) => one.picture === fourth && one.category === path[4]).map(({ value, how, at }) => ({ person: "Sato", value, how, at }));
      case "PATCH pictures": {
        const { removed, ...rest } = body as { removed?: boolean };
        this.#changed.set(second ?? "", { ...this.#changed.get(second ?? ""), ...rest, ...(removed === undefined ? {} : { removedAt: removed ? now : null, removedBy: removed ? "Sato" : null }) });
        return this.#picture(Number(second));
      }
      case "POST projects/lists": {
        const { category, show } = body as { category: string; show: string };
        const pictures = Array.from({ length: this.pictures }, (_, k) => k + 1).filter((k) => show === "all" || this.mine(String(k), category) === (show === "unasked" ? "none" : show));
        const list = String(this.#lists.size + 1);
        this.#lists.set(list, { category, pictures });
        return { list, count: pictures.length };
      }
      case "GET lists/items": {
        const { category, pictures } = this.#lists.get(second ?? "") ?? { category: "", pictures: [] };
        const around = query.get("around");
        if (around !== null && !pictures.includes(Number(around))) return undefined;
        const from = around === null ? Number(query.get("from")) : Math.max(0, pictures.indexOf(Number(around)) - 100);
        const to = around === null ? Number(query.get("to")) : from + 200;
        return { count: pictures.length, from, items: pictures.slice(from, to).map((one) => this.#item(one, category)) };
      }
      case "POST projects/answers": {
        const sent = body as Answer[];
        return sent.map((one) => {
          if (this.removed.has(one.category)) return { id: one.id, status: "rejected", code: "state.not-found", params: { what: "category" } };
          if (this.answers.some(({ id }) => id === one.id)) return { id: one.id, status: "duplicate" };
          this.answers.push(one);
          return { id: one.id, status: "saved" };
        });
      }
      case "POST projects/redo":
        this.answers.push(...this.#undone.splice(0));
        return { act: "", cells: this.answers.map(({ picture, category, value }) => ({ picture, category, value })) };
      case "POST projects/undo": {
        const act = this.answers.at(-1)?.act ?? "";
        const cells = this.answers.filter((one) => one.act === act).map(({ picture, category }) => ({ picture, category }));
        for (let at = this.answers.length - 1; at >= 0; at--) if (this.answers[at].act === act) this.#undone.unshift(...this.answers.splice(at, 1));
        return { act, cells: cells.map((one) => ({ ...one, value: this.mine(one.picture, one.category) })) };
      }
      case "GET projects/last-acts": {
        const last = this.answers.at(-1);
        return { undo: last === undefined ? null : { act: last.act, count: this.answers.filter((one) => one.act === last.act).length, value: last.value, picture: last.picture, category: last.category, fromFile: false } };
      }
      case "GET pictures":
        return this.#picture(Number(second));
      case "GET pictures/guesses":
        return this.#categories.slice(0, 2).map(({ id }, at) => ({ category: id, probability: at === 0 ? 0.834 : 0.0001 }));
      case "GET pictures/sheet": {
        const { name, group } = this.#picture(Number(second));
        return { picture: second, name, group, cells: this.#categories.map((one) => ({ category: one.id, cell: this.#item(Number(second), one.id).cell, by: this.answers.filter((given) => given.picture === second && given.category === one.id).slice(-1).map(({ value, at }) => ({ person: "Sato", value, at })) })) };
      }
      default:
        return undefined;
    }
  }

  #me(): Me {
    return { person: this.#people[0], preferences: this.#preferences, csrf: "token" };
  }

  #counted(one: Category): Category {
    return { ...one, counts: this.#counts(one.id) };
  }

  #counts(category: string): Category["counts"] {
    const last = new Map(this.answers.filter((one) => one.category === category).map((one) => [one.picture, one.value]));
    const of = (value: AnswerValue): number => [...last.values()].filter((one) => one === value).length;
    const [yes, no, unsure] = [of("yes"), of("no"), of("unsure")];
    return { yes, no, unsure, several: 0, differ: 0, notAsked: this.pictures - yes - no - unsure };
  }

  #project(): Project {
    const all = this.pictures * this.#categories.length;
    return {
      id: "3",
      name: "Panel line B",
      createdAt: now,
      settings: { groups: "none", fourEyes: false },
      pictures: this.pictures,
      cells: { answered: this.answers.length, all },
      steps: [step("pictures", "done", this.pictures, this.pictures), step("answers", "started", this.answers.length, all), step("model", "waiting"), step("improved", "none"), step("checked", "none"), step("live", "none")],
      liveSince: null,
      revision: 1,
    };
  }

  #picture(id: number): Picture {
    return { id: String(id), name: `A-${String(100 + id)}.jpg`, group: id % 3 === 0 ? `88-${String(id % 5)}` : null, part: "fit", width: 400, height: 300, bytes: 1000, addedBy: "Sato", addedAt: now, removedAt: null, removedBy: null, ...this.#changed.get(String(id)) };
  }

  #item(id: number, category: string): ListItem {
    const { name, group, width, height } = this.#picture(id);
    const mine = this.mine(String(id), category);
    return { picture: String(id), name, group, width, height, cell: { mine, agreed: mine === "none" ? null : mine, differ: false, yes: Number(mine === "yes"), no: Number(mine === "no"), unsure: Number(mine === "unsure") } };
  }

  /** A plate with a line on it, another for every picture. */
  #image(id: number, response: ServerResponse): void {
    const shade = 130 + ((id * 37) % 80);
    const [x, y] = [(id * 53) % 300, (id * 29) % 200];
    response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "max-age=31536000, immutable" });
    // Landscape, square and upright ones.
    const [width, height] = [[400, 300], [300, 300], [200, 300]][id % 3];
    response.end(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}"><rect width="400" height="300" fill="rgb(${String(shade)},${String(shade + 6)},${String(shade + 14)})"/><path d="M${String(x)} ${String(y)}l70 40" stroke="#ddd" stroke-width="3"/></svg>`,
    );
  }

  #file(path: string, response: ServerResponse): void {
    const file = join(web, path);
    const found = extname(path) !== "" && existsSync(file) ? file : join(web, "index.html");
    response.writeHead(200, { "content-type": types[extname(found)] ?? "application/octet-stream" });
    response.end(readFileSync(found));
  }
}

function step(name: Project["steps"][number]["step"], state: Project["steps"][number]["state"], done = 0, total = 0): Project["steps"][number] {
  return { step: name, state, done, total };
}

function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ type: "about:blank", status, title: code, code, params: {}, fields: [], requestId: "r1" }));
}
