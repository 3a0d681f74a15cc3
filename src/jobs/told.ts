/** Something told by a code, whose words are found where it is read. */
export interface Told {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean | null>>;
}
