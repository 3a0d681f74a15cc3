/** 16 random bytes in hexadecimal. Not crypto.randomUUID: a tablet that reaches the server over plain http has none. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
