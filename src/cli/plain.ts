/**
 * Names come from files anybody may have made, and go to a terminal, which obeys what is written to it. Control characters other than
 * line ends are shown as "�" instead, so that no name moves the cursor, changes colours or hides a line.
 */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is being replaced
  return text.replace(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, "\uFFFD");
}
