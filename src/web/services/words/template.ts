/**
 * Sentences with places for values. `{n}` is a value; `{n|picture|pictures}` is a word chosen by a number (one, other) that is written elsewhere.
 * The names of the places are part of a sentence's type, so that a value that is missing or misspelt does not compile.
 */
import { makeFormats, type Formats } from "./formats.ts";

export type Language = "en" | "ja";
export type Value = string | number;

type NameIn<Inside extends string> = Inside extends `${infer Name}|${string}` ? Name : Inside;
export type Places<S extends string> = S extends `${string}{${infer Inside}}${infer Rest}` ? NameIn<Inside> | Places<Rest> : never;

export type Sentences = Readonly<Record<string, string>>;
/** The same keys in another language; a test holds the places equal. */
export type Translated<E extends Sentences> = Readonly<Record<keyof E, string>>;
export interface Catalogue<E extends Sentences> {
  readonly en: E;
  readonly ja: Translated<E>;
}

type Given<S extends string> = string extends S ? [values?: Readonly<Record<string, Value>>] : [Places<S>] extends [never] ? [] : [values: Readonly<Record<Places<S>, Value>>];
export type Say<E extends Sentences> = <K extends keyof E & string>(key: K, ...given: Given<E[K]>) => string;

const place = /\{([a-zA-Z]+)(?:\|([^|}]*)\|([^|}]*))?\}/g;

/** The names of a sentence's places, each once, sorted. */
export function placesOf(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(place)].map((match) => match[1]))].sort();
}

/** The sentence with its values: numbers as the language writes them. A place without a value stays as it is written, so that it is seen. */
export function fill(sentence: string, values: Readonly<Record<string, Value>>, formats: Formats): string {
  return sentence.replace(place, (whole, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && other !== undefined) return formats.isOne(Number(value)) ? one : other;
    return typeof value === "number" ? formats.number(value) : value;
  });
}

/** Says the sentences of a catalogue in one language. */
export function sayer<E extends Sentences>(catalogue: Catalogue<E>, language: Language): Say<E> {
  const formats = makeFormats(language);
  const sentences: Translated<E> = catalogue[language];
  return (key, ...given) => fill(sentences[key], given[0] ?? {}, formats);
}
