import { CellList, NEGATIVE, POSITIVE, UNCERTAIN } from "../../labels/index.ts";
import type { CellValue } from "../../labels/index.ts";
import { triState } from "./label-studio-words.ts";

/** One thing said in one control of the labelling interface; of a taxonomy the whole path, of all others a path of one. */
export interface Answer {
  readonly control: string;
  readonly kind: "choices" | "taxonomy" | "labels";
  readonly value: readonly string[];
}

export interface AnswerRules {
  /** Controls that ask yes, no or unsure are categories of their own; otherwise their answers are. */
  readonly questions: boolean;
  /** Of a category whose control was answered, and of one whose control was left empty. */
  readonly absent: typeof NEGATIVE | null;
  readonly empty: typeof NEGATIVE | null;
  readonly disagreement: "uncertain" | "majority" | "any";
}

/** What an answer says of which categories. */
interface Meaning {
  readonly control: number;
  readonly says: readonly (readonly [category: number, value: CellValue])[];
}

/**
 * Gathers what annotations say, 13 bytes an answer, in whichever order they come. What an answer means depends on the others that
 * its control was given, so it is known only at the end.
 */
export class Answers {
  readonly #answers: Answer[] = [];
  readonly #numberOf = new Map<string, number>();
  /** Of every annotation the answers, one after another; image: the annotation, category: the answer. */
  readonly #given = new CellList();
  readonly #firstOf: number[] = [];
  readonly #annotationsOf: number[][] = [];

  /** An answer that could be given; its category exists, whether or not it ever is. */
  declare(answer: Answer): number {
    const key = JSON.stringify([answer.control, answer.kind, answer.value]);
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    this.#numberOf.set(key, this.#answers.length);
    return this.#answers.push(answer) - 1;
  }

  add(image: number, answers: readonly Answer[]): void {
    const annotation = this.#firstOf.push(this.#given.count) - 1;
    (this.#annotationsOf[image] ??= []).push(annotation);
    for (const answer of answers) this.#given.push(annotation, this.declare(answer), POSITIVE, 1);
  }

  /** Nothing was answered or could have been. */
  get isEmpty(): boolean {
    return this.#answers.length === 0;
  }

  /** Annotations without any answer. */
  get blank(): number {
    return this.#firstOf.reduce((count, first, at) => count + (first === (this.#firstOf[at + 1] ?? this.#given.count) ? 1 : 0), 0);
  }

  /** Fixes what every answer means; `categoryOf` numbers the names, in the order in which they are first said. */
  resolve(rules: AnswerRules, categoryOf: (name: string) => number): ResolvedAnswers {
    const asked = rules.questions ? this.#questions() : new Set<string>();
    const controls = new Map([...new Set(this.#answers.map(({ control }) => control))].map((control, at) => [control, at]));
    const ambiguous = this.#ambiguous(asked);
    const ofControl = new Map<number, Set<number>>();
    const meanings = this.#answers.map((answer): Meaning => {
      const control = controls.get(answer.control)!;
      if (asked.has(answer.control)) return { control, says: [[categoryOf(answer.control), triState(answer.value[0]!)!]] };
      const names = answer.value.map((_, end) => answer.value.slice(0, end + 1).join("/"));
      const says = names.map((name) => [categoryOf(ambiguous.has(answer.value[0]!) && answer.kind !== "labels" ? `${answer.control}: ${name}` : name), POSITIVE] as const);
      for (const [category] of says) ofControl.set(category, (ofControl.get(category) ?? new Set()).add(control));
      return { control, says };
    });
    return new ResolvedAnswers(this.#given, this.#firstOf, this.#annotationsOf, meanings, ofControl, rules);
  }

  /** Controls of choices whose answers are all words for yes, no and unsure, one of the first two among them. */
  #questions(): Set<string> {
    const said = new Map<string, (CellValue | null)[]>();
    for (const { control, kind, value } of this.#answers) {
      const values = said.get(control) ?? [];
      values.push(kind === "choices" ? triState(value[0]!) : null);
      said.set(control, values);
    }
    return new Set([...said].filter(([, values]) => values.every((each) => each !== null) && values.some((each) => each !== UNCERTAIN)).map(([control]) => control));
  }

  /** What is said in several controls that classify images means another thing in each. */
  #ambiguous(asked: ReadonlySet<string>): Set<string> {
    const controlOf = new Map<string, string>();
    const ambiguous = new Set<string>();
    for (const { control, kind, value } of this.#answers) {
      if (kind === "labels" || asked.has(control)) continue;
      const first = value[0]!;
      if ((controlOf.get(first) ?? control) !== control) ambiguous.add(first);
      controlOf.set(first, control);
    }
    return ambiguous;
  }
}

/** No value of a cell. */
const silent = -1;

export class ResolvedAnswers {
  /** Cells of which annotations say different things, so far. */
  disagreeing = 0;
  readonly #given: CellList;
  readonly #firstOf: readonly number[];
  readonly #annotationsOf: readonly (readonly number[] | undefined)[];
  readonly #meanings: readonly Meaning[];
  readonly #ofControl: ReadonlyMap<number, ReadonlySet<number>>;
  readonly #rules: AnswerRules;
  readonly #categories: number;

  constructor(given: CellList, firstOf: readonly number[], annotationsOf: readonly (readonly number[] | undefined)[], meanings: readonly Meaning[], ofControl: ReadonlyMap<number, ReadonlySet<number>>, rules: AnswerRules) {
    this.#given = given;
    this.#firstOf = firstOf;
    this.#annotationsOf = annotationsOf;
    this.#meanings = meanings;
    this.#ofControl = ofControl;
    this.#rules = rules;
    this.#categories = meanings.reduce((most, { says }) => says.reduce((count, [category]) => Math.max(count, category + 1), most), 0);
  }

  /** What all annotations of an image together say of each category they say anything of. */
  *cellsOf(image: number): Generator<readonly [category: number, value: CellValue], void, undefined> {
    const annotations = this.#annotationsOf[image] ?? [];
    const votes = annotations.map((annotation) => this.#verdicts(annotation));
    for (let category = 0; category < this.#categories; category += 1) {
      const count = [0, 0, 0];
      for (const vote of votes) if (vote[category] !== silent) count[vote[category]!]! += 1;
      const value = agree(count, this.#rules.disagreement);
      if (value === null) continue;
      if (Math.max(...count) < count[NEGATIVE]! + count[POSITIVE]! + count[UNCERTAIN]!) this.disagreeing += 1;
      yield [category, value];
    }
  }

  /** (C) what one annotation says. */
  #verdicts(annotation: number): Int8Array {
    const verdicts = new Int8Array(this.#categories).fill(silent);
    const answered = new Set<number>();
    for (let at = this.#firstOf[annotation]!; at < (this.#firstOf[annotation + 1] ?? this.#given.count); at += 1) {
      const { control, says } = this.#meanings[this.#given.category[at]!]!;
      answered.add(control);
      for (const [category, value] of says) {
        const earlier = verdicts[category]!;
        if (earlier === silent || earlier === value) verdicts[category] = value;
        // One annotation says yes of one region and no of another: the image shows it.
        else verdicts[category] = earlier === POSITIVE || value === POSITIVE ? POSITIVE : UNCERTAIN;
      }
    }
    for (const [category, controls] of this.#ofControl) {
      if (verdicts[category] !== silent) continue;
      let isAnswered = false;
      for (const control of controls) isAnswered ||= answered.has(control);
      verdicts[category] = (isAnswered ? this.#rules.absent : this.#rules.empty) ?? silent;
    }
    return verdicts;
  }
}

/** Of the votes by value; null where there is none. */
function agree(count: readonly number[], rule: AnswerRules["disagreement"]): CellValue | null {
  const [yes, no, all] = [count[POSITIVE]!, count[NEGATIVE]!, count[NEGATIVE]! + count[POSITIVE]! + count[UNCERTAIN]!];
  if (all === 0) return null;
  if (yes === all) return POSITIVE;
  if (no === all) return NEGATIVE;
  if (rule === "any" && yes > 0) return POSITIVE;
  if (rule === "majority" && 2 * yes > all) return POSITIVE;
  return rule === "majority" && 2 * no > all ? NEGATIVE : UNCERTAIN;
}
