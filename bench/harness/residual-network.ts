/** A network as heavy as those that people fine-tune, of whose weights nothing is asked but that they are the same for every contender. */
import { buildModel, type ConstantTensor, type NodeDeclaration } from "../../src/model/index.ts";
import { quickNumbers } from "./problem.ts";

/** Blocks and inner channels of ResNet-50's four stages (He et al., 2015, table 1): 23.5 million weights and 4.1 billion multiply-adds an image of 224 x 224. */
const stages = [
  { blocks: 3, inner: 64 },
  { blocks: 4, inner: 128 },
  { blocks: 6, inner: 256 },
  { blocks: 3, inner: 512 },
] as const;
const expansion = 4;

/** The bytes of an ONNX model of ResNet-50's shape, its normalisations folded into the convolutions, with weights drawn by seed and a classifier of ten categories. Input `input` [N, 3, 224, 224], 2,048 features. */
export function residualNetwork(): Uint8Array {
  const next = quickNumbers(50);
  const nodes: NodeDeclaration[] = [];
  const initializers: ConstantTensor[] = [];
  const add = (operator: string, inputs: readonly string[], output: string, attributes: NonNullable<NodeDeclaration["attributes"]> = {}): string => {
    nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  };
  const constant = (name: string, shape: readonly number[], spread: number): string => {
    const data = Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => spread * (next() - 0.5));
    initializers.push({ name, shape, data });
    return name;
  };
  // Weights of variance 2 / (inputs of a sum) keep the size of what passes a ReLU (He's rule); `gain` makes the branches of the sums small.
  const convolution = (input: string, name: string, from: number, to: number, kernel: number, stride: number, gain = 1): string => {
    const weight = constant(`${name}.weight`, [to, from, kernel, kernel], gain * Math.sqrt(24 / (from * kernel * kernel)));
    const pad = BigInt(Math.floor(kernel / 2));
    return add("Conv", [input, weight, constant(`${name}.bias`, [to], 0.1)], name, { kernel_shape: [BigInt(kernel), BigInt(kernel)], strides: [BigInt(stride), BigInt(stride)], pads: [pad, pad, pad, pad] });
  };
  const relu = (input: string): string => add("Relu", [input], `${input}.relu`);
  let channels = 64;
  let carried = add("MaxPool", [relu(convolution("input", "stem", 3, channels, 7, 2))], "stem.pool", { kernel_shape: [3n, 3n], strides: [2n, 2n], pads: [1n, 1n, 1n, 1n] });
  for (const [stage, { blocks, inner }] of stages.entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `stage${stage}.block${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const outer = inner * expansion;
      const narrow = relu(convolution(carried, `${name}.narrow`, channels, inner, 1, 1));
      const wide = convolution(relu(convolution(narrow, `${name}.middle`, inner, inner, 3, stride)), `${name}.wide`, inner, outer, 1, 1, 0.3);
      const aside = block === 0 ? convolution(carried, `${name}.aside`, channels, outer, 1, stride) : carried;
      carried = relu(add("Add", [wide, aside], name));
      channels = outer;
    }
  }
  const features = add("Flatten", [add("GlobalAveragePool", [carried], "pooled")], "features", { axis: 1n });
  add("Gemm", [features, constant("classifier.weight", [10, channels], 0.1), constant("classifier.bias", [10], 0.1)], "logits", { transB: 1n });
  return buildModel({ name: "residual-50", inputs: [{ name: "input", shape: ["N", 3, 224, 224] }], outputs: [{ name: "logits", shape: ["N", 10] }, { name: "features", shape: ["N", channels] }], nodes, initializers });
}
