import { CatwiseError } from "../../errors.ts";
import type { Place } from "../../errors.ts";
import { parseImage, quote } from "../words.ts";

/** How an image is called that a task gives the address of. */
export type NameRule = "file" | "upload" | "path";

/**
 * The name of an image from the address in its task. A relative path is the name as it stands. Of any other address the name is its
 * last part (`file`; without the eight letters the server puts before the names of uploads), the last part with them (`upload`), or
 * all behind the host or the root of the local files (`path`). Errors: file.malformed for an image within the task itself, or no name.
 */
export function imageNameOf(address: string, rule: NameRule, place: () => Place): string {
  const local = /^\/data\/local-files\/?\?d=([^&]*)/.exec(address)?.[1];
  const upload = /^(?:[a-z]+:\/\/[^/]*)?\/data\/upload\/(.+)$/i.exec(address)?.[1];
  if (local !== undefined) return shorten(decode(local), rule, place);
  if (upload !== undefined) {
    const name = decode(withoutQuery(upload)).split("/").at(-1)!;
    return parseImage(rule === "file" ? name.replace(/^[0-9a-f]{8}-(?=.)/, "") : name, place);
  }
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*\/(.*)$/is.exec(address)?.[1];
  if (path !== undefined) return shorten(decode(withoutQuery(path)), rule, place);
  if (/^data:/i.test(address)) throw new CatwiseError("file.malformed", `expected the address of an image, got the image itself (${quote(address.slice(0, 24))}).`, { place: place(), remedy: "Save the images as files and give their names." });
  if (address.startsWith("/")) return shorten(decode(withoutQuery(address.slice(1))), rule, place);
  return parseImage(address, place);
}

function shorten(path: string, rule: NameRule, place: () => Place): string {
  return parseImage(rule === "path" ? path.replace(/^\/+/, "") : path.split("/").at(-1)!, place);
}

function withoutQuery(path: string): string {
  return path.replace(/[?#].*$/s, "");
}

/** What is no escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
