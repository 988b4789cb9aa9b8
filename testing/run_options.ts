/**
 * The options of a test run, after `--` in `deno test -- --seed=7 --clock=real`.
 *
 * @module
 */

import { z } from "zod";
import { flag, OptionsError, parseOptions, wholeNumber } from "../cli/options.ts";

/** The seed of a plain `deno test`, so that a laptop and CI agree. */
export const DEFAULT_SEED = 1;

/** The network of the tests: the graded one, which is unreliable where a test says so, or a worse
 * one. */
export const NetworkName = z.enum(["unreliable", "hostile"], {
  error: "expected --network=unreliable or --network=hostile",
}).default("unreliable");
export type NetworkName = z.infer<typeof NetworkName>;

const TestOptions = z.strictObject({
  seed: wholeNumber("seed").default(DEFAULT_SEED),
  clock: z.enum(["virtual", "real"], { error: "expected --clock=virtual or --clock=real" })
    .default("virtual"),
  network: NetworkName,
  debug: flag(),
  /** The line of an editor's cursor in `test_test.ts`: only the test there runs. */
  line: wholeNumber("line", 1).optional(),
});

/** The options of a run. */
export interface RunOptions extends Omit<z.infer<typeof TestOptions>, "debug"> {
  /** True if a debugger may hold a test for as long as it likes. */
  debug?: true;
}

let ofCommandLine: RunOptions | undefined;

/** Returns the options of this process's command line.
 *
 * @throws {OptionsError} An option is unknown, or its value is invalid. */
export function commandLineOptions(): RunOptions {
  return ofCommandLine ??= parseRunOptions(Deno.args);
}

/** Parses the options of a test run.
 *
 * @param args The words after `--`.
 * @throws {OptionsError} An option is unknown, or its value is invalid.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRunOptions } from "./run_options.ts";
 *
 * assertEquals(parseRunOptions(["--seed=7"]), {
 *   seed: 7,
 *   clock: "virtual",
 *   network: "unreliable",
 * });
 * ```
 */
export function parseRunOptions(args: readonly string[]): RunOptions {
  const { options, operands: [operand] } = parseOptions(TestOptions, args);
  const { debug, ...run } = options;
  if (operand === undefined) return debug ? { ...run, debug } : run;
  throw new OptionsError(
    `Unexpected argument "${operand}"; expected options such as --seed=7 or --clock=real`,
  );
}
