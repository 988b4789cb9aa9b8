/**
 * The parts of a test, as `deno test` prints them: a title when a part begins, and its figures
 * once the whole test has passed.
 *
 * @module
 */

import { realNow } from "../sim/mod.ts";
import type { Run } from "./run_hooks.ts";
import type { RunOptions } from "./run_options.ts";

/** The counts of a run at one moment; times are in milliseconds. */
interface Counts {
  readonly virtualMs: number;
  readonly realMs: number;
  readonly rpcs: number;
  readonly operations: number;
}

/** The parts of one run. */
export class RunParts {
  readonly #run: Pick<Run, "summary" | "history">;
  readonly #options: RunOptions;
  readonly #print: (line: string) => void;
  readonly #passed: string[] = [];
  #start: Counts;

  /** @param print Gets one line at a time. */
  constructor(
    run: Pick<Run, "summary" | "history">,
    options: RunOptions,
    print: (line: string) => void = (line) => console.log(line),
  ) {
    this.#run = run;
    this.#options = options;
    this.#print = print;
    this.#start = { virtualMs: 0, realMs: realNow(), rpcs: 0, operations: 0 };
  }

  /** Starts a part, and prints its title. */
  begin(title: string): void {
    this.#print(`Test: ${title} ...`);
    this.#start = this.#counts();
  }

  /** Ends the part that began last. */
  end(): void {
    const [start, end] = [this.#start, this.#counts()];
    const seconds = (ms: number) => (ms / 1000).toFixed(2);
    const figures = [
      `${seconds(end.virtualMs - start.virtualMs)} s virtual`,
      `${seconds(end.realMs - start.realMs)} s real`,
      `${end.rpcs - start.rpcs} RPCs`,
      `${end.operations - start.operations} ops`,
      `seed ${this.#options.seed}`,
    ];
    if (this.#options.clock === "virtual") figures.push(`digest ${this.#run.summary.digest}`);
    this.#passed.push(`  ... Passed -- ${figures.join(", ")}`);
  }

  /** Prints the figures of the parts that ended. */
  printFigures(): void {
    for (const line of this.#passed) this.#print(line);
  }

  #counts(): Counts {
    const { virtualMs, rpcs } = this.#run.summary;
    const operations = this.#run.history.operations.length;
    return { virtualMs, realMs: realNow(), rpcs, operations };
  }
}
