/** The command as a person starts it, and its end. */
import { spawn, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

export interface Started {
  readonly server: ChildProcess;
  /** The link it prints: to make the administrator, or its address where somebody is there already. */
  readonly link: string;
}

export function start(workspace: string): Promise<Started> {
  const server = spawn(process.execPath, [join(root, "dist/cli/main.js"), "serve", "--workspace", workspace, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((done, fail) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const link = /http:\/\/\S+/.exec(said)?.[0];
      if (link !== undefined) done({ server, link });
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    server.on("exit", () => fail(new Error(`the server ended: ${said}`)));
  });
}

/** As a power cut would end it. */
export function kill(server: ChildProcess): Promise<unknown> {
  server.removeAllListeners("exit");
  const ended = new Promise((done) => server.once("exit", done));
  server.kill("SIGKILL");
  return ended;
}
