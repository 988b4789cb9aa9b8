/**
 * The types of the standard library, whose npm build has none: all of the two modules that
 * submissions may import, and the parts of the others that the lab uses. And those of
 * `cli-progress`.
 */

declare module "@std/assert" {
  // deno-lint-ignore no-explicit-any
  type Class<T> = abstract new (...args: any[]) => T;

  export class AssertionError extends Error {}
  export function assert(condition: unknown, message?: string): asserts condition;
  export function assertAlmostEquals(
    actual: number,
    expected: number,
    tolerance?: number,
    message?: string,
  ): void;
  export function assertArrayIncludes<T>(
    actual: ArrayLike<T>,
    expected: ArrayLike<T>,
    message?: string,
  ): void;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T>;
  export function assertFalse(
    condition: unknown,
    message?: string,
  ): asserts condition is false | 0 | 0n | "" | null | undefined;
  export function assertGreater<T>(actual: T, expected: T, message?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertInstanceOf<T>(
    actual: unknown,
    expected: Class<T>,
    message?: string,
  ): asserts actual is T;
  export function assertIsError<E extends Error = Error>(
    error: unknown,
    errorClass?: Class<E>,
    messageMatches?: string | RegExp,
    message?: string,
  ): asserts error is E;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotInstanceOf<A, T>(
    actual: A,
    unexpected: Class<T>,
    message?: string,
  ): asserts actual is Exclude<A, T>;
  export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertObjectMatch(
    // deno-lint-ignore no-explicit-any
    actual: Record<PropertyKey, any>,
    expected: Record<PropertyKey, unknown>,
    message?: string,
  ): void;
  export function assertRejects(fn: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
  export function assertRejects<E extends Error>(
    fn: () => PromiseLike<unknown>,
    errorClass: Class<E>,
    messageIncludes?: string,
    message?: string,
  ): Promise<E>;
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    message?: string,
  ): asserts actual is T;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertThrows(fn: () => unknown, message?: string): unknown;
  export function assertThrows<E extends Error>(
    fn: () => unknown,
    errorClass: Class<E>,
    messageIncludes?: string,
    message?: string,
  ): E;
  export function equal(one: unknown, other: unknown): boolean;
  export function fail(message?: string): never;
  export function unimplemented(message?: string): never;
  export function unreachable(message?: string): never;
}

// Without pooledMap(), which needs a TransformStream: no machine has one.
declare module "@std/async" {
  export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T>;
  export function abortable<T>(
    iterable: AsyncIterable<T>,
    signal: AbortSignal,
  ): AsyncGenerator<T>;
  export function deadline<T>(
    promise: Promise<T>,
    timeoutMs: number,
    options?: { signal?: AbortSignal },
  ): Promise<T>;
  export interface DebouncedFunction<Args extends unknown[]> {
    (...args: Args): void;
    clear(): void;
    flush(): void;
    readonly pending: boolean;
  }
  export function debounce<Args extends unknown[]>(
    fn: (this: DebouncedFunction<Args>, ...args: Args) => void,
    waitMs: number,
  ): DebouncedFunction<Args>;
  export function delay(
    delayMs: number,
    options?: { signal?: AbortSignal; persistent?: boolean },
  ): Promise<void>;
  export class MuxAsyncIterator<T> implements AsyncIterable<T> {
    add(iterable: AsyncIterable<T>): void;
    iterate(): AsyncIterableIterator<T>;
    [Symbol.asyncIterator](): AsyncIterator<T>;
  }
  export interface RetryOptions {
    multiplier?: number;
    maxTimeout?: number;
    maxAttempts?: number;
    minTimeout?: number;
    jitter?: number;
  }
  export class RetryError extends Error {
    constructor(cause: unknown, attempts: number);
  }
  export function retry<T>(fn: () => Promise<T> | T, options?: RetryOptions): Promise<T>;
  export function tee<T>(iterable: AsyncIterable<T>): [AsyncIterable<T>, AsyncIterable<T>];
  export function tee<T>(iterable: AsyncIterable<T>, n: number): AsyncIterable<T>[];
}

declare module "@std/cli/parse-args" {
  export interface ParsedArgs {
    _: (string | number)[];
    [name: string]: unknown;
  }
  export function parseArgs(
    args: string[],
    options?: {
      string?: readonly string[];
      boolean?: readonly string[];
      collect?: readonly string[];
      unknown?: (arg: string, name?: string, value?: unknown) => unknown;
    },
  ): ParsedArgs;
}

declare module "@std/text/closest-string" {
  export function closestString(word: string, possible: readonly string[]): string;
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(one: string, other: string): number;
}

declare module "@std/csv/parse" {
  export function parse(text: string, options?: { separator?: string }): string[][];
}

declare module "@std/csv/stringify" {
  export function stringify(
    rows: readonly (readonly (string | number)[])[],
    options?: { crlf?: boolean },
  ): string;
}

declare module "@std/fs/copy" {
  export function copy(from: string | URL, to: string | URL): Promise<void>;
}

declare module "@std/fs/exists" {
  export function exists(path: string | URL): Promise<boolean>;
}

declare module "@std/testing/mock" {
  export interface Stub extends Disposable {
    readonly calls: readonly { readonly args: readonly unknown[] }[];
  }
  export function stub<T>(
    object: T,
    method: keyof T,
    replacement: (...args: unknown[]) => unknown,
  ): Stub;
}

declare module "cli-progress" {
  export class SingleBar {
    constructor(options: Record<string, unknown>);
    start(total: number, value: number, payload?: Record<string, unknown>): void;
    update(value: number, payload?: Record<string, unknown>): void;
    stop(): void;
  }
  const progress: { SingleBar: typeof SingleBar };
  export default progress;
}
