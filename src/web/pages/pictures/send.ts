/** Sends files to an import; what is dropped may be files, folders and zips. */
import { problemOf, base, csrfHeader, Gone, Refusal } from "../../services/api.ts";
import type { Job } from "../../../server/contract/index.ts";

export interface Named {
  readonly file: File;
  /** With its folders, as "line-b/A-101.jpg": folders may say which pictures belong together. */
  readonly name: string;
}

/** Everything in what was dropped, folders read to their ends; the system's own hidden files are left out. */
export async function filesOf(items: DataTransferItemList): Promise<Named[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: Named[] = [];
  const walk = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (entry.name.startsWith(".")) return;
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push({ file, name: path + entry.name });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader gives at most 100 entries at a time.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const one of some) await walk(one, `${path}${entry.name}/`);
    }
  };
  for (const entry of entries) await walk(entry, "");
  return found;
}

export function chosenFiles(list: FileList): Named[] {
  return [...list].map((file) => ({ file, name: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath })).filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")));
}

/** Sends with the share that has gone out, which fetch cannot tell. */
export function sendFiles(project: string, files: readonly Named[], tell: (sent: number, total: number) => void): Promise<Job> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const { file, name } of files) form.append("files", file, name);
    const request = new XMLHttpRequest();
    request.open("POST", `${base}/projects/${project}/imports`);
    for (const [header, value] of Object.entries(csrfHeader())) request.setRequestHeader(header, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => tell(loaded, total);
    request.onerror = () => reject(new Gone(null));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as Job);
      else reject(new Refusal(problemOf(request.status, request.response)));
    };
    request.send(form);
  });
}
