/**
 * Mutation testing of one submission: all of its mutants, in processes side by side.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { compile } from "./compile.ts";
import { type MutantRunner, patienceFor } from "./mutant_runner.ts";
import type { Mutant } from "./mutants.ts";
import type { MutantResult } from "./run_mutant.ts";

/** A mutant, and what came of it. */
export interface TriedMutant {
  readonly mutant: Mutant;
  readonly result: MutantResult;
  /** True if it survived and every message of every run was as with the original. */
  readonly isSame: boolean;
}

/** The files that are changed. */
export const FILES = ["client.ts", "server.ts"] as const;

/** Runs the original, then every mutant.
 *
 * @param files The texts of `client.ts` and `server.ts` by their names.
 * @param mutants The mutants.
 * @param seeds How many seeds each is run with.
 * @param runners Each runs one mutant at a time.
 * @param onDone Called after each mutant.
 * @returns The mutants in their order.
 * @throws {CommandError} The original fails.
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
