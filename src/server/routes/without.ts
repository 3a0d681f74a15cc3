/** The fields that were told, those left out taken away: a record for which "left out" and "undefined" are two things. */
export function without<T extends object>(told: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
