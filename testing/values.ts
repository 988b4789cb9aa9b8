/**
 * The values that workloads write. Each is a token that is written once in a
 * run, so that any value that is read tells which writes led to it, and in which
 * order.
 *
 * @module
 */

/** The token of a clerk's n-th write. */
export function token(clerk: number, n: number): string {
  return `x ${clerk} ${n} y`;
}

/** Whether a value is one token. */
export function isToken(value: string): boolean {
  return /^x \d+ \d+ y$/.test(value);
}

/** The tokens of a value, in order. What is not a token is kept as it is. */
export function tokensOf(value: string): string[] {
  return value.match(/x \d+ \d+ y|[^x]+|x/g) ?? [];
}

/** The first token that a value holds more than once. */
export function repeatedToken(value: string): string | undefined {
  const seen = new Set<string>();
  return tokensOf(value).find((part) => seen.size === seen.add(part).size);
}
