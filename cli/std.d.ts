/**
 * The types of the parts of the standard library that the lab uses, whose npm build has none, and of
 * `cli-progress`.
 */

declare module "@std/assert" {
  export function assert(condition: unknown, message?: string): asserts condition;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertRejects<E extends Error>(
    fn: () => Promise<unknown>,
    // deno-lint-ignore no-explicit-any
    errorClass: new (...args: any[]) => E,
    messageIncludes?: string,
  ): Promise<E>;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertThrows<E extends Error>(
    fn: () => unknown,
    // deno-lint-ignore no-explicit-any
    errorClass: new (...args: any[]) => E,
    messageIncludes?: string,
  ): E;
}

declare module "@std/async" {
  export function delay(delayMs: number): Promise<void>;
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
