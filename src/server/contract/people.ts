/** Who is at the screen: first link, signing in, people and their rights, keys for programs. */
import { z } from "zod";
import { id, language, role, time } from "./common.ts";

export const preferences = z.object({
  language: language.nullable(),
  theme: z.enum(["system", "light", "dark"]),
  density: z.enum(["comfortable", "station", "compact"]),
  keys: z.enum(["both", "left", "right", "digits", "off"]),
});

export const person = z.object({ id, name: z.string(), role, createdAt: time, disabledAt: time.nullable() });
/** `csrf` goes back in the header X-Csrf-Token with every request that changes something. */
export const me = z.object({ person, preferences, csrf: z.string() });

/** 1 to 60 characters after trimming; kept as typed. */
export const personName = z.string().trim().min(1).max(60);
/** Long rather than odd: 10 characters at least. */
export const password = z.string().min(10).max(200);

export const setupRequest = z.object({ token: z.string().min(20).max(200), name: personName, password, language });
export const signInRequest = z.object({ name: personName, password: z.string().max(200) });
export const personRequest = z.object({ name: personName, role, password });
export const personChange = z.object({ name: personName.optional(), role: role.optional(), password: password.optional(), disabled: z.boolean().optional() });
export const passwordChange = z.object({ former: z.string().max(200), password });

export const scope = z.enum(["predict", "answers:read"]);
export const apiKey = z.object({ id, name: z.string(), start: z.string(), scopes: z.array(scope), createdBy: z.string().nullable(), createdAt: time, lastUsedAt: time.nullable(), revokedAt: time.nullable() });
export const apiKeyRequest = z.object({ name: z.string().trim().min(1).max(60), scopes: z.array(scope).min(1) });
/** The only time the key itself is told. */
export const apiKeyMade = z.object({ key: z.string(), apiKey });

export type Me = z.infer<typeof me>;
export type Person = z.infer<typeof person>;
export type Preferences = z.infer<typeof preferences>;
export type ApiKey = z.infer<typeof apiKey>;
export type Scope = z.infer<typeof scope>;
