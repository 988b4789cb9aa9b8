/**
 * The options of a test run: what stands behind `--` in
 * `deno test -- --seed=7 --clock=real`.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text/closest-string";
import { z } from "zod";
import { PlainError } from "../sim/mod.ts";

/** A plain `deno test` uses this seed, so that a laptop and CI agree. */
export const DEFAULT_SEED = 1;

const SEED_PROBLEM = "expected a whole number from 0 to 9007199254740991, for example --seed=7";

const RunOptions = z.strictObject({
  seed: z.string().regex(/^\d+$/, SEED_PROBLEM).transform(Number)
    .refine(Number.isSafeInteger, SEED_PROBLEM).default(DEFAULT_SEED),
  clock: z.enum(["virtual", "real"], { error: "expected --clock=virtual or --clock=real" })
    .default("virtual"),
});

/** How the tests run. */
export type RunOptions = z.infer<typeof RunOptions>;

const NAMES = Object.keys(RunOptions.shape);

/** Bad options, in one line. */
export class OptionsError extends PlainError {
  override readonly name = "OptionsError";
}

/** Reads the options of a test run.
 *
 * @param args What stands behind `--`.
 * @throws {OptionsError} An option is unknown or has a value that it cannot have.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRunOptions } from "./run_options.ts";
 *
 * assertEquals(parseRunOptions(["--seed=7"]), { seed: 7, clock: "virtual" });
 * ```
 */
export function parseRunOptions(args: readonly string[]): RunOptions {
  const { _: positional, ...given } = parseArgs([...args], {
    string: NAMES,
    unknown(arg, name) {
      if (name === undefined) return true;
      const known = NAMES.find((known) => arg === `--${known}=`);
      if (known !== undefined) throw new OptionsError(`Cannot use ${arg}: it has no value`);
      throw new OptionsError(
        `Unknown option "${arg}"; did you mean --${closestString(name, NAMES)}?`,
      );
    },
  });
  if (positional.length > 0) {
    throw new OptionsError(
      `Unexpected argument "${positional[0]}"; expected options such as --seed=7 or --clock=real`,
    );
  }
  const options = RunOptions.safeParse(given);
  if (options.success) return options.data;
  const { path, message } = options.error.issues[0]!;
  const name = String(path[0]);
  throw new OptionsError(`Cannot use --${name}=${given[name]}: ${message}`);
}
