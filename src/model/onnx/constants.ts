/** Tensors that do not depend on the model's input: initialisers, Constant nodes, and what is computed of them alone. */
import type { LoadedModel } from "./graph.ts";
import { cutModel, namesRead } from "./graph.ts";
import { elementType } from "./build.ts";
import { openSession } from "./session.ts";
import { readTensor } from "./tensor-values.ts";
import type { TensorValues } from "./tensor-values.ts";

/** Whether the tensor can be known without an image. */
export function isConstant(loaded: LoadedModel, name: string): boolean {
  return loaded.initializer.has(name) || (loaded.producer.has(name) && !dependentOn(loaded).has(name));
}

const dependents = new WeakMap<LoadedModel, ReadonlySet<string>>();

/** Tensors that an image, or chance, has a say in. One pass is enough, because nodes follow what they read. */
function dependentOn(loaded: LoadedModel): ReadonlySet<string> {
  const known = dependents.get(loaded);
  if (known !== undefined) return known;
  const found = new Set(loaded.inputs.map((input) => input.name));
  for (const node of loaded.graph.node) {
    if (node.opType.startsWith("Random") || namesRead(node).some((name) => found.has(name))) for (const name of node.output) found.add(name);
  }
  dependents.set(loaded, found);
  return found;
}

/**
 * The values of a constant tensor. Initialisers and Constant nodes are read; anything computed of them (a transposed or
 * normalised weight, an exponentiated scale) is run. Throws as readTensor and openSession do.
 */
export async function constantValues(loaded: LoadedModel, name: string): Promise<TensorValues> {
  const index = loaded.initializer.get(name);
  if (index !== undefined) return readTensor(loaded.graph.initializer[index]!, loaded.directory);
  const node = loaded.graph.node[loaded.producer.get(name)!]!;
  const value = node.opType === "Constant" ? node.attribute.find((attribute) => attribute.name === "value")?.t : undefined;
  if (value !== undefined) return readTensor(value, loaded.directory);
  const session = await openSession(cutModel(loaded, name, [name]), name, { file: loaded.path, threads: 1 });
  try {
    const { shape, data, type } = await session.run(null);
    return { shape, data, type: type === "float16" || type === "float64" ? elementType[type] : elementType.float32 };
  } finally {
    await session.close();
  }
}
