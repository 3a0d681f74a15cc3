import { CatwiseError } from "../errors.ts";

/** What `--labels` names: `KIND:PATH`, `KIND,option=value,...:PATH`, or a path alone, which is CSV. */
export interface LabelsSource {
  readonly kind: string;
  readonly options: Readonly<Record<string, string>>;
  readonly path: string;
}

const withPrefix = /^([a-z][a-z0-9-]+)((?:,[^,:]*)*):(?!\/\/)(.*)$/s;

/** The same source with its path changed, kind and options as they are. */
export function movedLabelsSource(source: string, move: (path: string) => string): string {
  const path = withPrefix.exec(source)?.[3] ?? source;
  return source.slice(0, source.length - path.length) + move(path);
}

/** Two letters of kind at least: one is the drive of a Windows path. Errors: usage.invalid-value for an option without a value or given twice. */
export function parseLabelsSource(source: string): LabelsSource {
  const prefix = withPrefix.exec(source);
  if (prefix === null) return { kind: "csv", options: {}, path: source };
  const [, kind = "", list = "", path = ""] = prefix;
  const options: Record<string, string> = {};
  for (const text of list.split(",").slice(1)) {
    const at = text.indexOf("=");
    const [name, value] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || value === "" || Object.hasOwn(options, name)) {
      throw new CatwiseError("usage.invalid-value", `--labels ${source}: expected option=value, each once, between "${kind}" and the colon, got "${text}".`, { remedy: "Write KIND,option=value:PATH." });
    }
    options[name] = value;
  }
  return { kind, options, path };
}
