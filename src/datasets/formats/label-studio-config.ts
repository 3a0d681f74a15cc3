import { readXmlElements } from "../xml-stream.ts";
import type { XmlElement } from "../xml-stream.ts";
import type { Answer } from "./label-studio-answers.ts";

export interface LabelConfig {
  /** Every answer that can be given. */
  readonly answers: readonly Answer[];
  /** Names of the controls by which images are classified. */
  readonly choices: ReadonlySet<string>;
  /** The field of a task that holds the image; null where the configuration does not say, or says several. */
  readonly image: string | null;
}

/** A labelling configuration (the XML a project is set up with). Errors: file.*. */
export async function readLabelConfig(path: string, encoding: string | undefined): Promise<LabelConfig> {
  const answers: Answer[] = [];
  const choices = new Set<string>();
  const images = new Set<string>();

  function walk(element: XmlElement, control: Omit<Answer, "value"> | null, above: readonly string[]): void {
    const [name, source] = [element.attributes["name"], element.attributes["value"]];
    let own = control;
    let steps = above;
    if (name !== undefined && element.attributes["toName"] !== undefined) {
      own = { control: name, kind: kindOf(element.name) };
      if (own.kind === "choices") choices.add(name);
    } else if (element.name === "Image" && source?.startsWith("$") === true) images.add(source.slice(1));
    const value = (element.attributes["alias"] ?? source)?.trim();
    if (own !== null && (element.name === "Label" || element.name === "Choice") && value !== undefined && value !== "") {
      steps = own.kind === "taxonomy" ? [...above, value] : [value];
      answers.push({ ...own, value: steps });
    }
    for (const child of element.children) walk(child, own, steps);
  }

  for await (const view of readXmlElements(path, "View", [""], encoding)) walk(view, null, []);
  return { answers, choices, image: images.size === 1 ? [...images][0]! : null };
}

function kindOf(element: string): Answer["kind"] {
  if (element === "Choices") return "choices";
  return element === "Taxonomy" ? "taxonomy" : "labels";
}
