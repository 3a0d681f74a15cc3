import type { CatwiseError } from "../errors.ts";
import { plainText } from "./plain.ts";

/** The one line for stderr; with CATWISE_DEBUG the stack follows. */
export function failureText(error: CatwiseError): string {
  const line = plainText(`catwise: ${error.code}: ${error.message}\n`);
  if (!process.env["CATWISE_DEBUG"]) return line;
  const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
  return `${line}${stack ?? ""}\n`;
}
