/**
 * The values that workloads write. Most are tokens, which are written once in a run,
 * so that any value that is read tells which writes led to it, and in which order. A
 * refrain is written again and again: two requests with the same value are still two.
 *
 * @module
 */

/** Returns the token of a clerk's n-th write. */
export function token(clerk: number, n: number): string {
  return `x ${clerk} ${n} y`;
}

/** Returns the value that a clerk writes more than once. */
export function refrain(clerk: number): string {
  return `z ${clerk} y`;
}

/** Returns true if a value is one token. */
export function isToken(value: string): boolean {
  return /^x \d+ \d+ y$/.test(value);
}

/** Returns true if a value is one refrain. */
export function isRefrain(value: string): boolean {
  return /^z \d+ y$/.test(value);
}

/** Returns the tokens and refrains of a value, in order. What is neither is kept as it is. */
export function partsOf(value: string): string[] {
  return value.match(/x \d+ \d+ y|z \d+ y|[^xz]+|[xz]/g) ?? [];
}

/** Returns the first token that a value holds more than once. */
export function repeatedToken(value: string): string | undefined {
  const seen = new Set<string>();
  return partsOf(value).find((part) => isToken(part) && seen.size === seen.add(part).size);
}

/** Returns the parts of one value that another does not have, or has less often. */
export function partsMissing(from: string, value: string): string[] {
  const left = Map.groupBy(partsOf(from), (part) => part);
  return partsOf(value).filter((part) => left.get(part)?.pop() === undefined);
}
