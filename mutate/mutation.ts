/**
 * Runs all mutants of one submission, in several processes.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { compile } from "./compile.ts";
import { type MutantRunner, patienceFor } from "./mutant_runner.ts";
import type { Mutant } from "./mutants.ts";
import type { MutantResult } from "./run_mutant.ts";

/** A mutant and its result. */
export interface TriedMutant {
  readonly mutant: Mutant;
  readonly result: MutantResult;
  /** True if it survived and all runs were the same as with the original. */
  readonly isSame: boolean;
}

/** The files to change. */
export const FILES = ["client.ts", "server.ts"] as const;

/** Runs the original, then every mutant.
 *
 * @param files The texts of `client.ts` and `server.ts` by their names.
 * @param seeds The number of seeds of each test.
 * @param onDone Called after each mutant.
 * @returns The results in the order of the mutants.
 * @throws {CommandError} The original does not compile, or fails a test.
 */
export async function tryMutants(
  files: ReadonlyMap<string, string>,
  mutants: readonly Mutant[],
  seeds: number,
  runners: readonly MutantRunner[],
  onDone: (done: TriedMutant) => void,
): Promise<TriedMutant[]> {
  const codes = await Promise.all(FILES.map(async (file) => {
    const compiled = await compile(files.get(file)!);
    if ("code" in compiled) return compiled.code;
    throw new CommandError(`Cannot compile ${file}: ${compiled.problem}; correct it first`);
  }));
  const taskOf = ([client, server]: string[]) => ({ client: client!, server: server!, seeds });
  const startMs = performance.now();
  const original = await runners[0]!.run(taskOf(codes));
  const patience = patienceFor(performance.now() - startMs);
  if (original.kind === "caught") {
    throw new CommandError(
      `Cannot judge the tests by this submission: ${original.by} fails with it; ` +
        "expected one that passes all seven tests",
    );
  }
  const { digests, requirements } = original;
  const tried: TriedMutant[] = [];
  const rest = mutants.entries();
  await Promise.all(runners.map(async (runner) => {
    for (const [place, mutant] of rest) {
      const compiled = await compile(mutant.source);
      let result: MutantResult = { kind: "caught", by: "load" };
      if ("code" in compiled) {
        const changed = codes.with(FILES.findIndex((file) => file === mutant.file), compiled.code);
        result = await runner.run({ ...taskOf(changed), requirements }, patience);
      }
      const isSame = result.kind === "survived" &&
        result.digests.every((digest, i) => digest === digests[i]);
      onDone(tried[place] = { mutant, result, isSame });
    }
  }));
  return tried;
}
