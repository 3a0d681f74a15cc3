/** The numbers of Adam; defaults are those of its paper. */
export interface AdamOptions {
  readonly learningRate: number;
  /** Decay of the first and second moments. Defaults .9 and .999. */
  readonly beta1?: number;
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba, 2015) over K heads of `width` parameters, one step count for all.
 *
 * m = b1*m + (1-b1)*g; v = b2*v + (1-b2)*g^2; p -= rate * (m/(1-b1^t)) / (sqrt(v/(1-b2^t)) + epsilon). Float64 throughout.
 */
export class Adam {
  readonly #options: Required<AdamOptions>;
  readonly #width: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(heads: number, width: number, options: AdamOptions) {
    this.#options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...options };
    this.#width = width;
    this.#first = new Float64Array(heads * width);
    this.#second = new Float64Array(heads * width);
  }

  /** Counts a step; call once before the `update`s of that step. */
  advance(): void {
    this.#steps += 1;
  }

  /** Updates parameters (width) of one head in place from its gradient (width). */
  update(head: number, parameters: Float64Array, gradient: Float64Array): void {
    const { learningRate, beta1, beta2, epsilon } = this.#options;
    const correction1 = 1 - beta1 ** this.#steps;
    const correction2 = 1 - beta2 ** this.#steps;
    const base = head * this.#width;
    for (let j = 0; j < this.#width; j++) {
      const g = gradient[j];
      const m = (this.#first[base + j] = beta1 * this.#first[base + j] + (1 - beta1) * g);
      const v = (this.#second[base + j] = beta2 * this.#second[base + j] + (1 - beta2) * g * g);
      parameters[j] -= (learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + epsilon);
    }
  }
}
