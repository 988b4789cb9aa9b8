/**
 * Errors of the operating system in words for people.
 *
 * @module
 */

/** Returns the first line of an error. If it is one of the system, it is in small letters, without
 * the number, the call and the path: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const [line] = (error as Error).message.split("\n");
  const [, words] = /^(?:E[A-Z]+: )?(.*?)(?: \(os error \d+\)|, [a-z]+ ')/.exec(line!) ?? [];
  return words?.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()) ?? line!;
}
