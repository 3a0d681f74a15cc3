/** Failures as browsers and programs read them: problem+json (RFC 9457) with a code of the one error table. */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors, type ZodFastifySchemaValidationError } from "fastify-type-provider-zod";
import { CatwiseError, errorTable, toldParams, type ErrorCode } from "../errors.ts";
import { ThrottledError } from "./access/throttle.ts";
import type { Problem } from "./contract/index.ts";

/** Statuses of codes whose kind does not tell it. */
const statuses: Partial<Record<ErrorCode, number>> = {
  "access.unauthenticated": 401,
  "access.sign-in": 401,
  "access.forbidden": 403,
  "access.foreign": 403,
  "access.throttled": 429,
  "setup.used": 409,
  "state.not-found": 404,
  "state.conflict": 409,
  "state.changed": 412,
  "request.no-revision": 428,
  "request.too-large": 413,
  "file.too-large": 413,
  "output.no-space": 507,
  "workspace.busy": 503,
  "run.interrupted": 503,
};

/** The HTTP status of a failure. */
export function statusOf(code: ErrorCode): number {
  const { kind } = errorTable[code];
  return statuses[code] ?? (kind === "internal" || kind === "output" ? 500 : 400);
}

/** Fastify's own failures, by their codes. */
const ofFastify: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "request.too-large",
  FST_REQ_FILE_TOO_LARGE: "request.too-large",
  FST_FILES_LIMIT: "request.too-large",
  FST_PARTS_LIMIT: "request.too-large",
  FST_FIELDS_LIMIT: "request.too-large",
};

/** Anything thrown while a request was worked on, as what is answered. `report` is told of defects. */
export function problemFor(thrown: unknown, request: FastifyRequest, report: (thrown: unknown) => void): Problem {
  const about = { type: "about:blank", params: {}, fields: [] as Problem["fields"], requestId: request.id };
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    return { ...about, status: 400, title: errorTable["request.invalid"].meaning, code: "request.invalid", fields: thrown.validation.map(toField) };
  }
  if (thrown instanceof CatwiseError) {
    const status = statusOf(thrown.code);
    if (status === 500) report(thrown);
    const field = thrown.place.field;
    return {
      ...about,
      status,
      title: errorTable[thrown.code].meaning,
      code: thrown.code,
      params: toldParams(thrown),
      fields: field === undefined ? [] : [{ path: field, code: thrown.code, params: toldParams(thrown) }],
      ...(thrown instanceof ThrottledError ? { retryAfter: thrown.retryAfter } : {}),
    };
  }
  const { code = "", statusCode } = thrown as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const known = ofFastify[code] ?? (statusCode === 404 ? "state.not-found" : "request.invalid");
    return { ...about, status: statusCode, title: errorTable[known].meaning, code: known };
  }
  report(thrown);
  return { ...about, status: 500, title: errorTable["internal.unexpected"].meaning, code: "internal.unexpected" };
}

/** Sends a problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfter !== undefined) reply.header("retry-after", problem.retryAfter);
  // Serialised here: the route's own schemas speak of its answers.
  return reply.code(problem.status).type("application/problem+json").header("cache-control", "no-store").serializer((value: unknown) => JSON.stringify(value)).send(problem);
}

function toField({ instancePath, keyword, params }: ZodFastifySchemaValidationError): Problem["fields"][number] {
  const told = (params ?? {}) as { readonly minimum?: number; readonly maximum?: number; readonly origin?: string; readonly input?: unknown };
  const bounds = { ...(typeof told.minimum === "number" ? { minimum: told.minimum } : {}), ...(typeof told.maximum === "number" ? { maximum: told.maximum } : {}) };
  const missing = keyword === "too_small" && told.origin === "string" && told.minimum === 1;
  return { path: instancePath.replace(/^\//, "").replaceAll("/", "."), code: missing ? "field.required" : `field.${keyword.replaceAll("_", "-")}`, params: bounds };
}

