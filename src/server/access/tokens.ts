import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 32 random bytes, for links, sessions and keys. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a token. Tokens are random and long, so one round of SHA-256 is enough. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Equality in a time that tells nothing. */
export function sameToken(one: string, other: string): boolean {
  return timingSafeEqual(createHash("sha256").update(one).digest(), createHash("sha256").update(other).digest());
}
