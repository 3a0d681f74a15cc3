import { ownText } from "./own-text.ts";

/** The part of the table that may be filled before it is doubled. */
const fullest = 0.7;
/** Another for every process, so that no file can be made in which all names meet in one place. Nothing but the time taken depends on it. */
const seed = Math.floor(Math.random() * 2 ** 32);

/**
 * Names, numbered from 0 in the order they come: 6 to 11 bytes a name besides the name itself, where a Map takes 28 to 56 and, while it grows, half as much again. Files
 * name millions of images.
 */
export class NameIndex {
  readonly names: string[] = [];
  /** Number + 1 of a name, 0 where there is none; looked through from the place its hash gives. */
  #slots = new Uint32Array(1024);

  /** The number of a name; undefined where it has none. */
  find(name: string): number | undefined {
    const slot = this.#slots[this.#place(name)]!;
    return slot === 0 ? undefined : slot - 1;
  }

  /** Numbers a name that has no number yet. */
  add(name: string): number {
    if (this.names.length + 1 > fullest * this.#slots.length) this.#grow();
    const number = this.names.push(ownText(name)) - 1;
    this.#slots[this.#place(name)] = number + 1;
    return number;
  }

  /** Where the name stands, or the empty place where it would. */
  #place(name: string): number {
    const mask = this.#slots.length - 1;
    for (let at = hashOf(name) & mask; ; at = (at + 1) & mask) {
      const slot = this.#slots[at]!;
      if (slot === 0 || this.names[slot - 1] === name) return at;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.names.length; number += 1) {
      let at = hashOf(this.names[number]!) & mask;
      while (this.#slots[at] !== 0) at = (at + 1) & mask;
      this.#slots[at] = number + 1;
    }
  }
}

/** 32 bits in which every character counts: multiply and fold, as MurmurHash3 ends. */
function hashOf(name: string): number {
  let hash = seed;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
