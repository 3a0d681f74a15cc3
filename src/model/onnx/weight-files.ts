/** Which files a model consists of besides its own: a program that keeps a model elsewhere must bring them along. */
import { externalLocation, isExternal } from "./external-data.ts";
import { loadModel } from "./graph.ts";

/** Names, relative to the model's folder, of the files in which its weights lie; none where all are in the model itself. In the order of the graph, each once. Errors: those of reading a model; model.external-data. */
export async function weightFiles(path: string): Promise<string[]> {
  const { graph } = await loadModel(path);
  return [...new Set(graph.initializer.filter(isExternal).map(externalLocation))];
}
