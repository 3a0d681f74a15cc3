/** Where a model pools: a convolution is a linear layer of some features only together with the mean over the image. */
import type { LoadedModel } from "./graph.ts";
import { Refusal, describeNode } from "./refusal.ts";

/** Whether what the convolution reads has been pooled: walking back, a pooling or a reshaping comes before any convolution. */
export function isPooled(loaded: LoadedModel, tensor: string): boolean {
  let name = tensor;
  for (;;) {
    const index = loaded.producer.get(name);
    if (index === undefined) return false;
    const node = loaded.graph.node[index]!;
    if (/Pool$|^Reduce|^Reshape$|^Unsqueeze$|^Gemm$|^MatMul$/.test(node.opType)) return true;
    if (node.opType === "Conv" || node.input[0] === undefined) return false;
    name = node.input[0];
  }
}

/**
 * The refusal of a pooling (node `index`) with something nonlinear between it and a 1x1 convolution, as in SqueezeNet, or that is
 * nonlinear itself; null when no such convolution stands right before it.
 */
export function nonlinearPooling(loaded: LoadedModel, index: number): Refusal | null {
  const between: string[] = [];
  let name = loaded.graph.node[index]!.input[0] ?? "";
  for (let depth = 0; depth < 4; depth++) {
    const at = loaded.producer.get(name);
    if (at === undefined) return null;
    const node = loaded.graph.node[at]!;
    if (node.opType === "Conv") {
      const kernel = loaded.graph.initializer[loaded.initializer.get(node.input[1] ?? "") ?? -1]?.dims.slice(2) ?? [];
      if (kernel.length !== 2 || kernel.some((length) => length !== 1n)) return null;
      return new Refusal(
        "model.spatial-head",
        `${describeNode(loaded, index)} behind ${[...between, describeNode(loaded, at)].join(" and ")}`,
        "If that convolution is the classification layer, export the model so that nothing nonlinear follows it but the mean over the image; if the model is a backbone without one, attach a head to its features.",
      );
    }
    if (/Pool$|^Reduce|^Reshape$|^Flatten$/.test(node.opType)) return null;
    between.push(describeNode(loaded, at));
    name = node.input[0] ?? "";
  }
  return null;
}
