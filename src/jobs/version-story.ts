/** What is kept of how a version came about, beside its head. */
import type { TuneWarning } from "../learn/index.ts";
import type { NetworkChoice } from "./engine/networks.ts";
import type { ImprovedCategory } from "./improve/improve.ts";
import type { RightTable } from "./predict/right.ts";
import type { Told } from "./told.ts";

/** story.json of a version. */
export interface VersionStory {
  readonly format: "catwise-version-1";
  readonly network: NetworkChoice & { readonly key: string };
  readonly categories: readonly (ImprovedCategory & { readonly right: RightTable })[];
  readonly warnings: readonly Pick<TuneWarning, "code" | "params">[];
  readonly leak: Told | null;
  /** Pictures in each part when it was made. */
  readonly parts: { readonly fit: number; readonly selection: number; readonly report: number };
  /** Yes and no, over all categories, that it was made from and checked with. */
  readonly answered: number;
  readonly seed: number;
}
