/**
 * The values that workloads write. A token is written once in a run, so that each value that is
 * read shows which writes led to it, and in which order. A refrain is written several times: two
 * requests with the same value are still two.
 *
 * @module
 */

/** Returns the token of a clerk's n-th write. */
export function token(clerk: number, n: number): string {
  return `x ${clerk} ${n} y`;
}

/** Returns the value that a clerk writes several times. */
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

/** Splits a value into tokens, refrains and other text, in order. */
export function partsOf(value: string): string[] {
  return value.match(/x \d+ \d+ y|z \d+ y|[^xz]+|[xz]/g) ?? [];
}

/** Returns the first token that occurs more than once in a value. */
export function repeatedToken(value: string): string | undefined {
  const seen = new Set<string>();
  return partsOf(value).find((part) => isToken(part) && seen.size === seen.add(part).size);
}

/** Returns the parts of `value` that `from` lacks, or has less often. */
export function partsMissing(from: string, value: string): string[] {
  const left = Map.groupBy(partsOf(from), (part) => part);
  return partsOf(value).filter((part) => left.get(part)?.pop() === undefined);
}
