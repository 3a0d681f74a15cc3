/**
 * Reads the declaration files that the compiler wrote (dist/*.d.ts): what each declares, with its doc comment, and what each exports.
 * TypeScript 7 has no compiler API; declaration files are plain enough that a parser and the rules of `export` are all it takes.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync, Visitor, type Comment, type Statement } from "oxc-parser";

export type Kind = "function" | "class" | "constant" | "type";

/** One declared name; a function has one for each overload's text. */
export interface Declaration {
  readonly name: string;
  readonly kind: Kind;
  readonly file: string;
  /** As the compiler wrote it, without `export declare`; overloads one below the other. */
  readonly signature: string;
  /** The text of the doc comment; empty without one. */
  readonly doc: string;
  /** Names of types it speaks of, as they are called in its file. */
  readonly mentions: readonly string[];
}

/** One for each declaration, through whichever door it is reached. */
export const keyOf = ({ file, name }: Declaration): string => `${file}#${name}`;

/** A whole file under one name. */
export interface Namespace {
  readonly namespace: string;
}

interface Import {
  readonly file: string;
  readonly name: string;
  /** A class of which the type alone is exported. */
  readonly typeOnly?: boolean;
}

interface DeclarationFile {
  /** What the file says of itself at its top. */
  readonly doc: string;
  readonly declared: ReadonlyMap<string, Declaration>;
  readonly imported: ReadonlyMap<string, Import>;
  /** Exported name -> where it comes from; `name` "*" for a whole file as a namespace. */
  readonly exported: ReadonlyMap<string, Import>;
  /** Files whose exports are all exported. */
  readonly passedOn: readonly string[];
}

const files = new Map<string, DeclarationFile>();

/** The declaration file, parsed once. Throws where the parser does not understand it. */
export function declarationFile(path: string): DeclarationFile {
  let file = files.get(path);
  if (file === undefined) {
    file = parse(path);
    files.set(path, file);
  }
  return file;
}

/** Everything a file exports, through every `export … from`, by name; a namespace is told by its file. */
export function exportsOf(path: string): Map<string, Declaration | Namespace> {
  const file = declarationFile(path);
  const all = new Map<string, Declaration | Namespace>(file.passedOn.flatMap((from) => [...exportsOf(from)]));
  for (const [name, from] of file.exported) {
    if (from.name === "*") all.set(name, { namespace: from.file });
    else all.set(name, { ...declarationIn(from.file, from.name), ...(from.typeOnly === true ? { kind: "type" as const } : {}) });
  }
  return all;
}

/** The declaration a name stands for where `path` uses it; null for names that are not the package's own. */
export function resolveName(path: string, name: string): Declaration | null {
  const file = declarationFile(path);
  const own = file.declared.get(name);
  if (own !== undefined) return own;
  const from = file.imported.get(name);
  return from === undefined ? null : declarationIn(from.file, from.name);
}

function declarationIn(path: string, name: string): Declaration {
  const own = resolveName(path, name);
  if (own !== null) return own;
  const found = exportsOf(path).get(name);
  if (found === undefined || "namespace" in found) throw new Error(`${path} does not declare ${name}`);
  return found;
}

function parse(path: string): DeclarationFile {
  const text = readFileSync(path, "utf8");
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const declared = new Map<string, Declaration>();
  const imported = new Map<string, Import>();
  const exported = new Map<string, Import>();
  const passedOn: string[] = [];
  const inFile = (specifier: string): string => resolve(dirname(path), specifier.replace(/\.[jt]s$/, ".d.ts"));
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      const from = inFile(statement.source.value);
      if (!existsSync(from)) continue;
      for (const one of statement.specifiers) if (one.type === "ImportSpecifier") imported.set(one.local.name, { file: from, name: nameOf(one.imported) });
    } else if (statement.type === "ExportAllDeclaration") {
      if (statement.exported === null) passedOn.push(inFile(statement.source.value));
      else exported.set(nameOf(statement.exported), { file: inFile(statement.source.value), name: "*" });
    } else if (statement.type === "ExportNamedDeclaration" && statement.declaration === null) {
      const from = statement.source === null ? path : inFile(statement.source.value);
      for (const one of statement.specifiers) exported.set(nameOf(one.exported), { file: from, name: nameOf(one.local), typeOnly: statement.exportKind === "type" || one.exportKind === "type" });
    } else {
      const doc = docBefore(text, comments, statement.start);
      for (const one of declarationsOf(statement, text, path, doc)) {
        const earlier = declared.get(one.name);
        declared.set(one.name, earlier === undefined ? one : joined(earlier, one));
        if (statement.type === "ExportNamedDeclaration") exported.set(one.name, { file: path, name: one.name });
      }
    }
  }
  const first = comments[0];
  const doc = first?.start === 0 && first.value.startsWith("*") ? plain(first) : "";
  return { doc, declared, imported, exported, passedOn };
}

function joined(one: Declaration, other: Declaration): Declaration {
  return { ...one, signature: `${one.signature}\n${other.signature}`, doc: one.doc === "" ? other.doc : one.doc, mentions: [...one.mentions, ...other.mentions] };
}

function declarationsOf(statement: Statement, text: string, file: string, doc: string): Declaration[] {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration === null) return [];
  const signature = text
    .slice(statement.start, statement.end)
    .replace(/^(?:export )?(?:declare )?/, "")
    .replace(/^ *(?:#private|private [^\n]*);\n/gm, "");
  const make = (name: string, kind: Kind): Declaration => ({ name, kind, file, signature, doc, mentions: typesIn(text.slice(statement.start, statement.end), name) });
  const kind = kinds[declaration.type];
  if (declaration.type === "VariableDeclaration") return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [make(id.name, "constant")] : []));
  return kind !== undefined && "id" in declaration && declaration.id?.type === "Identifier" ? [make(declaration.id.name, kind)] : [];
}

const kinds: Readonly<Record<string, Kind>> = {
  TSDeclareFunction: "function",
  FunctionDeclaration: "function",
  ClassDeclaration: "class",
  TSInterfaceDeclaration: "type",
  TSTypeAliasDeclaration: "type",
};

/** Names of types a declaration mentions, its own type parameters left out. */
function typesIn(source: string, own: string): string[] {
  const names = new Set<string>();
  const parameters = new Set<string>([own]);
  new Visitor({
    TSTypeReference: ({ typeName }) => void (typeName.type === "Identifier" && names.add(typeName.name)),
    TSTypeParameter: ({ name }) => void parameters.add(name.name),
    TSInterfaceHeritage: ({ expression }) => void (expression.type === "Identifier" && names.add(expression.name)),
    TSClassImplements: ({ expression }) => void (expression.type === "Identifier" && names.add(expression.name)),
  }).visit(parseSync("one.d.ts", source).program);
  return [...names].filter((name) => !parameters.has(name));
}

/** The doc comment that ends where the statement begins. */
function docBefore(text: string, comments: readonly Comment[], start: number): string {
  const comment = comments.findLast((one) => one.end <= start);
  if (comment === undefined || comment.type !== "Block" || !comment.value.startsWith("*")) return "";
  return text.slice(comment.end, start).trim() === "" ? plain(comment) : "";
}

/** The words of a doc comment without its stars. */
function plain(comment: Comment): string {
  return comment.value
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}

function nameOf(node: { readonly type: "Identifier"; readonly name: string } | { readonly type: "Literal"; readonly value: string } | { readonly name: string }): string {
  return "name" in node ? node.name : node.value;
}
