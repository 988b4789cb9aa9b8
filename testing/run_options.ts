/**
 * The options of a test run: what stands behind `--` in
 * `deno test -- --seed=7 --clock=real`.
 *
 * @module
 */

import { z } from "zod";
import { flag, OptionsError, parseOptions, wholeNumber } from "../cli/options.ts";

/** A plain `deno test` uses this seed, so that a laptop and CI agree. */
export const DEFAULT_SEED = 1;

/** The network that the tests run on: the one that is graded, which is unreliable where
 * a test says so, or one that goes beyond it. */
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
  /** The line of `test_test.ts` that an editor's cursor is in: only its test runs. */
  line: wholeNumber("line", 1).optional(),
});

/** The options of a run. */
export interface RunOptions extends Omit<z.infer<typeof TestOptions>, "debug"> {
  /** True if a debugger may hold a test for as long as it likes. */
  debug?: true;
}

let ofCommandLine: RunOptions | undefined;

/** Returns the options behind the `--` of this process's command line.
 *
 * @throws {OptionsError} An option is unknown or has a value that it cannot have. */
export function commandLineOptions(): RunOptions {
  return ofCommandLine ??= parseRunOptions(Deno.args);
}

/** Reads the options of a test run.
 *
 * @param args The words behind `--`.
 * @throws {OptionsError} An option is unknown or has a value that it cannot have.
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
