/** Small checks that are put together into the description of a document. `fail` throws; it is told the path, the rule and what came. */
export type Fail = (path: string, rule: string, got: unknown) => void;
export type Check = (value: unknown, path: string, fail: Fail) => void;

export const number: Check = (value, path, fail) => {
  if (typeof value !== "number" || !Number.isFinite(value)) fail(path, "a finite number", value);
};

/** A number, or null where JSON could not hold NaN. */
export const numberOrGap: Check = (value, path, fail) => {
  if (value !== null && typeof value !== "number") fail(path, "a number or null", value);
};

export const text: Check = (value, path, fail) => {
  if (typeof value !== "string") fail(path, "text", value);
};

/** Any object: shown as it is, never interpreted. */
export const anything: Check = (value, path, fail) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(path, "an object", value);
};

/** An object of numbers and texts. */
export const wordsOnly: Check = (value, path, fail) => {
  anything(value, path, fail);
  for (const [key, entry] of Object.entries(value as object)) {
    if (typeof entry !== "number" && typeof entry !== "string" && entry !== null) fail(`${path}.${key}`, "a number or text", entry);
  }
};

/** Two numbers, the lower first. */
export const pair: Check = (value, path, fail) => {
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!Array.isArray(value) || value.length !== 2 || typeof low !== "number" || typeof high !== "number" || !(low <= high)) {
    fail(path, "two numbers, the lower first", value);
  }
};

export function exactly(wanted: string): Check {
  return anyOf(wanted);
}

export function anyOf(...wanted: readonly (string | boolean)[]): Check {
  return (value, path, fail) => {
    if (!wanted.some((entry) => entry === value)) fail(path, wanted.map((entry) => JSON.stringify(entry)).join(" or "), value);
  };
}

export function nullable(inner: Check): Check {
  return (value, path, fail) => {
    if (value !== null) inner(value, path, fail);
  };
}

export function optional(inner: Check): Check {
  return (value, path, fail) => {
    if (value !== undefined) inner(value, path, fail);
  };
}

export function listOf(inner: Check): Check {
  return (value, path, fail) => {
    if (!Array.isArray(value)) {
      fail(path, "a list", value);
      return;
    }
    for (const [index, entry] of (value as unknown[]).entries()) inner(entry, `${path}[${String(index)}]`, fail);
  };
}

/** Fields this version does not know are left alone: a newer minor version may add some. */
export function shape(fields: Readonly<Record<string, Check>>): Check {
  return (value, path, fail) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      fail(path === "" ? "(document)" : path, "an object", value);
      return;
    }
    for (const [name, check] of Object.entries(fields)) {
      check(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, path === "" ? name : `${path}.${name}`, fail);
    }
  };
}
