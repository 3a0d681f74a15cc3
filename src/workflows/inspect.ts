import { inspectModel, type ModelInspection } from "../model/index.ts";

/** What a model takes and gives, and the layer that would be tuned, or why there is none. Errors: file.*, model.unreadable, model.external-data. */
export function runInspect({ model }: { readonly model: string }): Promise<ModelInspection> {
  return inspectModel(model);
}
