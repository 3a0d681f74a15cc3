/** The server with its socket: listening, the first link, and an orderly end. */
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { CatwiseError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { openStore, takeLock, type Store } from "../workspace/index.ts";
import { isLoopback } from "./access/hosts.ts";
import { hashToken, newToken } from "./access/tokens.ts";
import { makeApp } from "./app.ts";
import type { Engine, Tell } from "./engine.ts";

/** Where the app listens unless told otherwise. */
export const defaultPort = 4711;
/** This computer alone reaches it. */
export const defaultHost = "127.0.0.1";

/** How a workspace is served. */
export interface ServeOptions {
  readonly workspace: string;
  /** Makes what does the work. */
  readonly engine: (store: Store, tell: Tell) => Engine;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly logger: Logger;
  readonly web?: string;
}

/** A server that listens. */
export interface Serving {
  /** Where it is reached, the addresses of this computer where it listens on all. */
  readonly addresses: readonly string[];
  /** Opens the page that makes the administrator, once; null where somebody is there already. */
  readonly setupLink: string | null;
  /** Whether other computers reach it. */
  readonly open: boolean;
  /** Browsers are told, jobs are interrupted so that they can go on, requests under way are answered, the database is closed. */
  stop(): Promise<void>;
}

/**
 * Serves a workspace, which is made where there is none, once the port is seen to be free. One server at a time serves it: two would take each other's jobs for those of a server that ended. Jobs that were working when the
 * last server ended are marked as interrupted.
 * Errors: those of opening a workspace; workspace.busy where it is served already; output.exists for a port that is taken; output.unwritable for an address that is not of this computer.
 */
export async function serve({ workspace, engine, host = defaultHost, port = defaultPort, logger, web }: ServeOptions): Promise<Serving> {
  await tryPort(host, port);
  const store = openStore(workspace);
  let release: (() => void) | null = null;
  try {
    const unlock = await lockFor(store);
    release = unlock;
    const made = await makeApp({ store, engine: (tell) => engine(store, tell), host, logger, ...(web === undefined ? {} : { web }) });
    try {
      await made.app.listen({ host, port });
    } catch (thrown) {
      await made.engine.close();
      await made.app.close();
      throw listenFailure(thrown, host, port);
    }
    made.engine.start();
    const address = made.app.server.address();
    const bound = typeof address === "object" && address !== null ? address.port : port;
    const addresses = namesOf(host).map((name) => `http://${name.includes(":") ? `[${name}]` : name}:${bound}/`);
    let setupLink: string | null = null;
    if (store.people.count() === 0) {
      const token = newToken();
      store.sessions.offerSetup(hashToken(token));
      setupLink = `${addresses[0]}setup#${token}`;
    }
    return {
      addresses,
      setupLink,
      open: !isLoopback(host),
      async stop() {
        made.events.close();
        await made.engine.close();
        await made.app.close();
        store.close();
        unlock();
      },
    };
  } catch (thrown) {
    store.close();
    release?.();
    throw thrown;
  }
}

/** Listens for a moment and lets go: a workspace is not made for a server that cannot be. Errors: as serve. */
async function tryPort(host: string, port: number): Promise<void> {
  const trial = createServer();
  await new Promise<void>((resolve, reject) => {
    trial.once("error", (thrown) => reject(listenFailure(thrown, host, port)));
    trial.listen({ host, port }, () => trial.close(() => resolve()));
  });
}

async function lockFor({ folder: { path } }: Store): Promise<() => void> {
  try {
    return await takeLock(join(path, "serving.lock"));
  } catch (thrown) {
    if (!(thrown instanceof CatwiseError) || thrown.code !== "output.exists") throw thrown;
    throw new CatwiseError("workspace.busy", "this workspace is being served already.", { place: { file: path }, remedy: "Open the address of the other server, or end it first.", cause: thrown });
  }
}

function namesOf(host: string): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host];
  const outside = Object.values(networkInterfaces()).flatMap((each) => each ?? []).filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address);
  return ["127.0.0.1", ...outside];
}

function listenFailure(thrown: unknown, host: string, port: number): unknown {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : "";
  if (code === "EADDRINUSE") return new CatwiseError("output.exists", `something listens on port ${port} of ${host} already.`, { place: { field: "--port" }, remedy: "Choose another port, or end the other server.", cause: thrown });
  if (code === "EACCES") return new CatwiseError("output.unwritable", `port ${port} may not be used.`, { place: { field: "--port" }, remedy: "Choose a port above 1023.", cause: thrown });
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") return new CatwiseError("output.unwritable", `${host} is no address of this computer.`, { place: { field: "--host" }, remedy: "Use 127.0.0.1, 0.0.0.0, or one of its own addresses.", cause: thrown });
  return thrown;
}
