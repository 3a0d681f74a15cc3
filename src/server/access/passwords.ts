import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

/** scrypt with N = 2^15, r = 8, p = 1: 32 MiB and about a tenth of a second for each guess. */
const parameters = { N: 2 ** 15, r: 8, p: 1 };
const length = 32;

/** What is kept of a password: parameters, salt and hash in one string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, parameters);
  return `scrypt$${parameters.N}$${parameters.r}$${parameters.p}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/** Whether it is the password. Without a kept one (nobody of that name) it takes as long and says no, so that names cannot be tried out. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, N, r, p, salt, hash] = (kept ?? (await nobody)).split("$");
  const derived = await derive(password, Buffer.from(salt!, "base64url"), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(derived, Buffer.from(hash!, "base64url")) && kept !== null;
}

const nobody = hashPassword(randomBytes(16).toString("hex"));

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // What one types as と゛ and another as ど is one password.
    scrypt(password.normalize("NFKC"), salt, length, { ...options, maxmem: 64 * 2 ** 20 }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
