import { isIP } from "node:net";
import { hostname } from "node:os";

/** The host name of a Host header, without its port; null where it is none. */
export function hostOf(header: string | undefined): string | null {
  if (header === undefined || !/^(?:\[[0-9a-f:.]+\]|[^\s/@:[\]]+)(?::\d{1,5})?$/i.test(header)) return null;
  return header.replace(/:\d+$/, "").replace(/^\[|\]$/g, "").toLowerCase();
}

/**
 * Whether a request for this host is meant for us. A foreign name that was made to lead here (DNS rebinding) would let a page elsewhere read with the rights of whoever visits it; numbers
 * cannot be made to lead elsewhere, so they are always allowed.
 */
export function isOwnHost(header: string | undefined, named: string): boolean {
  const host = hostOf(header);
  if (host === null) return false;
  if (isIP(host) !== 0 || host === "localhost" || host === named.toLowerCase()) return true;
  // Bound to every address: other computers use this one's name.
  return isIP(named) !== 0 && !isLoopback(named) && [hostname(), `${hostname()}.local`].some((name) => name.toLowerCase() === host);
}

/** Whether only this computer reaches the address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith('127.');
}
