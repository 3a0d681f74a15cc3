import type { Kernels } from "./kernels.ts";

/**
 * Runs `body` with kernels that do what `kernels` do. What they make (matrices, problems, sums) and `body` has not disposed of when it ends, be it by an error or because it was
 * stopped, is disposed of then: kernels may hold memory that no garbage collector finds, and who gave them goes on using them.
 * Nothing that they made may be used afterwards. Disposing of the kernels stays the giver's.
 */
export async function inScope<T>(kernels: Kernels, body: (kernels: Kernels) => Promise<T>): Promise<T> {
  const made = new Set<Disposable>();
  const noted = <D extends Disposable>(one: D): D => {
    const dispose = one.dispose.bind(one);
    made.add(one);
    // Forgotten with its disposal, so that a long run holds nothing it has done with.
    one.dispose = () => {
      made.delete(one);
      dispose();
    };
    return one;
  };
  const scoped: Kernels = {
    ...kernels,
    matrix: (...of) => noted(kernels.matrix(...of)),
    cellProblem: (...of) => noted(kernels.cellProblem(...of)),
    together: (problems) => noted(kernels.together(problems)),
    cellSums: (...of) => noted(kernels.cellSums(...of)),
    transform: (...of) => noted(kernels.transform(...of)),
    *transformInSteps(...of) {
      return noted(yield* kernels.transformInSteps(...of));
    },
    dispose: () => undefined,
  };
  try {
    return await body(scoped);
  } finally {
    // What was made last may rest on what was made first.
    for (const one of [...made].toReversed()) one.dispose();
  }
}

interface Disposable {
  dispose(): void;
}
