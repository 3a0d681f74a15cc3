/** Holds the one stream of this browser for all of its tabs. */
import type { ServerEvent } from "../../server/contract/index.ts";
import { listen } from "./events-source.ts";

const ports = new Set<MessagePort>();
let close: (() => void) | null = null;

const scope = self as unknown as { onconnect: ((event: MessageEvent) => void) | null };
scope.onconnect = ({ ports: [port] }) => {
  if (port === undefined) return;
  ports.add(port);
  port.onmessage = ({ data }: MessageEvent<{ open?: string; leave?: true }>) => {
    if (data.leave === true) {
      ports.delete(port);
      if (ports.size === 0) {
        close?.();
        close = null;
      }
      return;
    }
    if (data.open === undefined) return;
    close ??= listen(data.open, (event: ServerEvent) => {
      for (const one of ports) one.postMessage(event);
    });
  };
  port.start();
};
