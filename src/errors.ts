/**
 * The one table of errors. A code, once released, keeps its meaning and is never reused.
 *
 * Every failure a person can cause or meet is a CatwiseError: it says what was expected, what came, where, and what to
 * do about it. The same code reaches the command line (exit status), `--json` output and the library's caller.
 * docs/reference/errors.md lists the table; a test keeps the two equal.
 */

/** Exit statuses of the command line: one per kind of failure, so that scripts can tell them apart. */
export const exitStatus = {
  ok: 0,
  /** A defect of Catwise itself. */
  internal: 1,
  /** The command line, or an option of a function, is wrong. */
  usage: 2,
  /** An input file or array is missing, broken or contradicts another. */
  input: 3,
  /** The model is readable but is not something Catwise can tune; nothing is wrong with the file. */
  unsupported: 4,
  /** The output cannot be written, or did not pass the check made after writing. */
  output: 5,
  /** Stopped by the person (Ctrl-C) or by the system. */
  interrupted: 130,
} as const;

export type ExitKind = keyof typeof exitStatus;

interface ErrorRow {
  readonly kind: ExitKind;
  readonly meaning: string;
}

export const errorTable = {
  "internal.unexpected": { kind: "internal", meaning: "Something happened that Catwise did not foresee; please report it." },

  "usage.unknown-command": { kind: "usage", meaning: "The command does not exist." },
  "usage.unknown-option": { kind: "usage", meaning: "The option does not exist." },
  "usage.missing-option": { kind: "usage", meaning: "A required option or argument was not given." },
  "usage.conflicting-options": { kind: "usage", meaning: "Options were given that exclude each other." },
  "usage.old-node": { kind: "usage", meaning: "Node is older than what Catwise needs." },
  "usage.invalid-value": { kind: "usage", meaning: "The value of an option is outside what it allows." },

  "file.missing": { kind: "input", meaning: "A file or folder does not exist." },
  "file.unreadable": { kind: "input", meaning: "A file exists but cannot be read (permission, a folder, a device)." },
  "file.empty": { kind: "input", meaning: "A file has no content." },
  "file.truncated": { kind: "input", meaning: "A file ends before its own header says it should." },
  "file.malformed": { kind: "input", meaning: "The content is not what the format prescribes." },
  "file.unknown-format": { kind: "input", meaning: "The kind of file cannot be told, or is not supported." },
  "file.encoding": { kind: "input", meaning: "A text file is not UTF-8 and no encoding was given." },
  "file.too-large": { kind: "input", meaning: "A file or folder needs more memory than there is." },

  "csv.ragged-row": { kind: "input", meaning: "A row has more or fewer fields than the header." },
  "csv.duplicate-column": { kind: "input", meaning: "Two columns have the same name." },
  "csv.missing-column": { kind: "input", meaning: "A column that is needed is not there." },
  "csv.quote": { kind: "input", meaning: "A quotation mark is opened and not closed, or stands where none may." },

  "csv.invalid-value": { kind: "input", meaning: "A field holds something its column does not allow." },
  "csv.duplicate-row": { kind: "input", meaning: "Two rows speak of the same category." },

  "thresholds.other-head": { kind: "input", meaning: "The thresholds were chosen for another head, or for categories it does not have." },

  "labels.invalid-value": { kind: "input", meaning: "A label is none of 1, 0, empty, ?, -1, u." },
  "labels.duplicate-image": { kind: "input", meaning: "An image has two rows." },
  "labels.conflicting-cell": { kind: "input", meaning: "One image and category was given two different labels." },
  "labels.no-images": { kind: "input", meaning: "The label file names no image." },
  "labels.no-categories": { kind: "input", meaning: "The label file names no category." },
  "labels.images-not-found": { kind: "input", meaning: "No labelled image is among the images or features given." },
  "labels.count-mismatch": { kind: "input", meaning: "The number of label rows and feature rows differ, and the features carry no ids." },
  "labels.unknown-category": { kind: "input", meaning: "A category was asked for that is not among the labels, the head or the model." },
  "labels.no-overlap": { kind: "input", meaning: "The labels and the model share no category." },
  "labels.nothing-known": { kind: "input", meaning: "A part has no known cell, so there is nothing to work with." },
  "labels.unwritable": { kind: "input", meaning: "The labels hold a name that the format asked for cannot hold." },
  "split.invalid-part": { kind: "input", meaning: "A split column holds a word that names no part." },
  "split.empty-part": { kind: "input", meaning: "A part that is needed holds no image." },

  "features.not-finite": { kind: "input", meaning: "A feature is NaN or infinite." },
  "features.changed": { kind: "input", meaning: "A features file changed while it was being read." },
  "features.shape": { kind: "input", meaning: "A feature file has the wrong number of dimensions or is of the wrong type." },
  "features.category-mismatch": { kind: "input", meaning: "Every category has features of its own, and they are of other categories, or another number of them, than the head or the labels." },
  "features.missing-ids": { kind: "input", meaning: "The features carry no ids and none were given." },
  "features.duplicate-id": { kind: "input", meaning: "Two feature rows have the same id." },
  "head.width-mismatch": { kind: "input", meaning: "The head expects another number of features than were given." },
  "head.not-finite": { kind: "input", meaning: "A weight or bias of the head is NaN or infinite." },
  "head.category-mismatch": { kind: "input", meaning: "The head's categories and its rows disagree, or names are missing." },

  "model.unreadable": { kind: "input", meaning: "The file is not a readable ONNX model." },
  "model.external-data": { kind: "input", meaning: "A file holding the model's weights is missing or too short." },
  "model.input-mismatch": { kind: "input", meaning: "The model's input is not one image batch Catwise can fill." },
  "model.run-failed": { kind: "input", meaning: "The model could not be run." },
  "model.no-linear-head": { kind: "unsupported", meaning: "The model has no linear last layer." },
  "model.ambiguous-head": { kind: "unsupported", meaning: "Several layers could be the classification layer." },
  "model.nonlinear-after-head": { kind: "unsupported", meaning: "Something other than a sigmoid or a constant scale stands behind the last linear layer." },
  "model.quantised-head": { kind: "unsupported", meaning: "The last layer is quantised; its weights cannot be replaced exactly." },
  "model.spatial-head": { kind: "unsupported", meaning: "Between the last layer and the answer something nonlinear happens, so it is not one linear layer of some features." },
  "model.category-count": { kind: "unsupported", meaning: "The head to install has another number of rows than the layer it replaces." },
  "model.unsupported": { kind: "unsupported", meaning: "The model uses something Catwise does not handle." },

  "images.none": { kind: "input", meaning: "A folder holds no readable image." },
  "images.preprocessing": { kind: "input", meaning: "The preprocessing description cannot be understood." },

  "tune.nothing-eligible": { kind: "input", meaning: "No category has a positive and a negative known label to tune on." },

  "kernels.out-of-memory": { kind: "unsupported", meaning: "The features and what is computed from them need more memory than the machine, or the 4 GiB the kernels can address, has." },

  "kernels.scratch-failed": { kind: "output", meaning: "The temporary file that holds features too many for memory cannot be read or written any more." },

  "output.exists": { kind: "output", meaning: "The output exists and is not something Catwise may replace, or was not told to." },
  "output.unwritable": { kind: "output", meaning: "The output cannot be written there." },
  "output.no-space": { kind: "output", meaning: "The disk is full." },
  "output.verification": { kind: "output", meaning: "The written model does not answer as the tuned head says it should; it was not kept." },

  "workspace.missing": { kind: "input", meaning: "A folder holds no workspace." },
  "workspace.newer": { kind: "input", meaning: "A workspace was written by a newer version of Catwise." },
  "workspace.busy": { kind: "output", meaning: "Another process serves the workspace, or is writing to it and did not end in time." },
  "workspace.backup": { kind: "input", meaning: "A file is no backup of a workspace, or a damaged one." },

  "setup.used": { kind: "input", meaning: "The one-time link that makes the administrator was used, or is not the newest." },
  "access.unauthenticated": { kind: "input", meaning: "Nobody is signed in, or the key is unknown or was revoked." },
  "access.sign-in": { kind: "input", meaning: "Name and password do not go together." },
  "access.forbidden": { kind: "input", meaning: "The person or key has no right to do this." },
  "access.foreign": { kind: "input", meaning: "A request came from another page or for another host, or without the session's token, or for another person than the one who is signed in." },
  "access.throttled": { kind: "input", meaning: "Too many attempts to sign in failed; the next must wait." },
  "request.invalid": { kind: "input", meaning: "A request is not of the form the address expects." },
  "request.no-revision": { kind: "input", meaning: "A request that changes something does not say which revision of it was read." },
  "request.too-large": { kind: "input", meaning: "A request, a file or a picture is larger than allowed." },
  "state.not-found": { kind: "input", meaning: "What was asked for does not exist." },
  "state.conflict": { kind: "input", meaning: "What stands there now does not allow this." },
  "state.changed": { kind: "input", meaning: "Somebody else changed it since it was read." },

  "run.interrupted": { kind: "interrupted", meaning: "Stopped before the end; nothing was half-written." },
} as const satisfies Record<string, ErrorRow>;

/** The stable name of a failure; docs/reference/errors.md lists them all with their meaning. */
export type ErrorCode = keyof typeof errorTable;

/** Where in the input something is wrong. Lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly field?: string;
}

/** What a failure may say beside what happened. */
export interface CatwiseErrorOptions {
  readonly place?: Place;
  /** What to do about it: one sentence in the imperative. */
  readonly remedy?: string;
  /** Which of the cases of its code this is, as the app tells them apart: "state.conflict.four-eyes". */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** A failure with a stable code. `message` is one line: where, what was expected, what came, what to do. */
export class CatwiseError extends Error {
  override readonly name = "CatwiseError";
  readonly code: ErrorCode;
  readonly place: Place;
  readonly remedy: string | undefined;
  readonly reason: string | undefined;

  constructor(code: ErrorCode, what: string, options: CatwiseErrorOptions = {}) {
    const where = describePlace(options.place ?? {});
    const remedy = options.remedy === undefined ? "" : ` ${options.remedy}`;
    super(`${where}${what}${remedy}`.replace(/\s*\n\s*/g, " "), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.place = options.place ?? {};
    this.remedy = options.remedy;
    this.reason = options.reason;
  }

  get exitStatus(): number {
    return exitStatus[errorTable[this.code].kind];
  }
}

/**
 * The error for a parameter that breaks its rule, e.g. expected("keep", "a number in (0, 1]", 1.5).
 * `got` is shown as JSON where that is short.
 */
export function expected(name: string, rule: string, got: unknown, options: CatwiseErrorOptions = {}): CatwiseError {
  return new CatwiseError("usage.invalid-value", `${name}: expected ${rule}, got ${show(got)}.`, options);
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? typeof value;
  } catch {
    text = typeof value;
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function describePlace(place: Place): string {
  const parts: string[] = [];
  if (place.file !== undefined) parts.push(place.file);
  if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.column !== undefined) parts.push(`column ${place.column}`);
  if (place.field !== undefined) parts.push(`field "${place.field}"`);
  return parts.length === 0 ? "" : `${parts.join(", ")}: `;
}

/** The table as a Markdown page (docs/reference/errors.md). */
export function errorReference(): string {
  const rows = Object.entries(errorTable).map(([code, { kind, meaning }]) => `| \`${code}\` | ${exitStatus[kind]} | ${meaning} |`);
  return [
    "# Errors",
    "",
    "Made from `src/errors.ts` by `node scripts/write-reference.ts`; do not edit by hand. A code keeps its meaning and is never reused.",
    "The command line prints one line, `catwise: CODE: MESSAGE`, and ends with the exit status.",
    "",
    "| code | exit status | meaning |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** What of a failure reaches another thread: cloning keeps neither the code nor the class. */
export interface SentError {
  readonly code: string | null;
  readonly message: string;
  readonly place: Place;
  readonly reason: string | null;
}

/** Anything thrown, ready to be sent to another thread. */
export function errorToSend(thrown: unknown): SentError {
  const own = thrown instanceof CatwiseError ? thrown : null;
  return { code: own?.code ?? null, message: thrown instanceof Error ? thrown.message : String(thrown), place: own?.place ?? {}, reason: own?.reason ?? null };
}

/** The failure another thread sent, with its own code and words. */
export function errorReceived({ code, message, reason }: SentError): CatwiseError {
  return new CatwiseError(code !== null && code in errorTable ? (code as ErrorCode) : "internal.unexpected", message, reason === null ? {} : { reason });
}

/** What the app makes its own sentence of, in the reader's language: the words, where in the input it is (not in which file: that may be a place of this computer), and which case it is. */
export function toldParams({ message, place: { line, column, field }, reason }: Pick<SentError, "message" | "place"> & { readonly reason?: string | null | undefined }): Readonly<Record<string, string | number>> {
  return { message, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }), ...(field === undefined ? {} : { field }), ...(reason === undefined || reason === null ? {} : { reason }) };
}
