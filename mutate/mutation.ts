/**
 * Mutation testing of one submission: all of its mutants, in processes side by side.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { compile } from "./compile.ts";
import { type MutantRunner, patienceFor } from "./mutant_runner.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import type { MutantResult, MutantTask } from "./run_mutant.ts";

/** The files that are changed. */
const FILES = ["client.ts", "server.ts"] as const;

/** A mutant, and what came of it. */
export interface TriedMutant {
  readonly mutant: Mutant;
  readonly result: MutantResult;
  /** True if it survived and every message of every run was as with the original. */
  readonly isSame: boolean;
}

/** One mutation test; it is run once. */
export class Mutation {
  /** All mutants of the submission. */
  readonly mutants: readonly Mutant[];
  readonly #files: ReadonlyMap<string, string>;
  readonly #seeds: number;

  /** @param files The texts of `client.ts` and `server.ts` by their names.
   * @param seeds How many seeds each mutant is run with.
   * @throws {ParseError} A file is no TypeScript. */
  constructor(files: ReadonlyMap<string, string>, seeds: number) {
    this.#files = files;
    this.#seeds = seeds;
    this.mutants = FILES.flatMap((file) => mutantsOf(file, files.get(file)!));
  }

  /** Runs the original, then every mutant.
   *
   * @param runners Each runs one mutant at a time.
   * @param onDone Called after each mutant.
   * @returns The mutants in the order of their lines.
   * @throws {CommandError} The original fails.
   */
  async run(
    runners: readonly MutantRunner[],
    onDone: (done: TriedMutant) => void,
  ): Promise<TriedMutant[]> {
    const codes = new Map<string, string>();
    for (const file of FILES) codes.set(file, await this.#compileOriginal(file));
    const startMs = performance.now();
    const original = await runners[0]!.run(this.#task(codes));
    const patience = patienceFor(performance.now() - startMs);
    if (original.kind === "caught") {
      throw new CommandError(
        `Cannot judge the tests by this submission: ${original.by} fails with it; ` +
          "expected one that passes all seven tests",
      );
    }
    const { digests, requirements } = original;
    const tried = new Map<Mutant, TriedMutant>();
    const rest = this.mutants[Symbol.iterator]();
    const runRest = async (runner: MutantRunner) => {
      for (const mutant of rest) {
        const compiled = await compile(mutant.source);
        const result: MutantResult = "problem" in compiled
          ? { kind: "caught", by: "load" }
          : await runner.run({
            ...this.#task(new Map([...codes, [mutant.file, compiled.code]])),
            requirements,
          }, patience);
        const isSame = result.kind === "survived" &&
          result.digests.every((digest, i) => digest === digests[i]);
        tried.set(mutant, { mutant, result, isSame });
        onDone(tried.get(mutant)!);
      }
    };
    await Promise.all(runners.map(runRest));
    return this.mutants.map((mutant) => tried.get(mutant)!);
  }

  async #compileOriginal(file: string): Promise<string> {
    const compiled = await compile(this.#files.get(file)!);
    if ("code" in compiled) return compiled.code;
    throw new CommandError(`Cannot compile ${file}: ${compiled.problem}; correct it first`);
  }

  #task(codes: ReadonlyMap<string, string>): MutantTask {
    const [client, server] = FILES.map((file) => codes.get(file)!) as [string, string];
    return { client, server, seeds: this.#seeds };
  }
}
