/**
 * Equivalent mutants: changes that replies and messages cannot show, each with the reason why.
 *
 * A change is identified by its text and not by its line number, so that edits elsewhere in the file
 * do not affect it.
 *
 * @module
 */

import { z } from "zod";
import { CommandError } from "../cli/mod.ts";
import type { Mutant } from "./mutants.ts";

const Change = z.strictObject({
  /** The file and the function, for example `"server.ts put"`. */
  place: z.string(),
  /** The first line of the changed code, without its indentation. */
  text: z.string(),
  /** The code before and after, for example `"i < 7 → i <= 7"`. */
  change: z.string(),
});
/** A change in the file of reasons. */
export type Change = z.infer<typeof Change>;

/** The schema of the file of reasons: a list for each submission. */
export const Equivalents = z.record(
  z.string(),
  z.array(z.strictObject({ reason: z.string().min(1), changes: z.array(Change).min(1) })),
);
/** The content of the file of reasons. */
export type Equivalents = z.infer<typeof Equivalents>;

const EQUIVALENTS = new URL("equivalents.json", import.meta.url);

/** Reads the known reasons.
 *
 * @throws {CommandError} The file holds something else. */
export async function readEquivalents(): Promise<Equivalents> {
  const text = await Deno.readTextFile(EQUIVALENTS);
  try {
    return Equivalents.parse(JSON.parse(text));
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const problem = issue ? `${issue.path.join(".")}: ${issue.message}` : (error as Error).message;
    throw new CommandError(`Cannot read the reasons in ${EQUIVALENTS}: ${problem}`);
  }
}

/** The survivors of one submission. */
export interface Judged {
  /** The survivors with a reason. */
  readonly equivalent: Mutant[];
  /** The survivors without a reason. */
  readonly survivors: Mutant[];
  /** The reasons for changes that did not survive, or no longer exist. */
  readonly stale: Change[];
}

/** Separates survivors with a reason from those without one.
 *
 * @param name The name of the submission in the file of reasons.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { changeOf, judgeSurvivors } from "./equivalents.ts";
 * import { mutantsOf } from "./mutants.ts";
 *
 * const survivors = mutantsOf("server.ts", "const later = now < 7;").slice(0, 2);
 * const changes = [changeOf(survivors[0]!)];
 * const judged = judgeSurvivors({ mine: [{ reason: "7 never comes", changes }] }, "mine", survivors);
 * assertEquals(judged.survivors.map(({ after }) => after), ["now >= 7"]);
 * assertEquals(judged.stale, []);
 * ```
 */
export function judgeSurvivors(
  equivalents: Equivalents,
  name: string,
  survivors: readonly Mutant[],
): Judged {
  const known = new Map(
    (Object.hasOwn(equivalents, name) ? equivalents[name]! : [])
      .flatMap(({ changes }) => changes.map((change) => [keyOf(change), change])),
  );
  const keyOfMutant = (mutant: Mutant) => keyOf(changeOf(mutant));
  const survived = new Set(survivors.map(keyOfMutant));
  return {
    equivalent: survivors.filter((mutant) => known.has(keyOfMutant(mutant))),
    survivors: survivors.filter((mutant) => !known.has(keyOfMutant(mutant))),
    stale: [...known].filter(([key]) => !survived.has(key)).map(([, change]) => change),
  };
}

/** Describes a mutant in the form of the file of reasons. */
export function changeOf({ file, inside, text, before, after }: Mutant): Change {
  return {
    place: `${file} ${inside}`.trimEnd(),
    text,
    change: `${before} → ${after === "" ? "(removed)" : after}`,
  };
}

function keyOf({ place, text, change }: Change): string {
  return JSON.stringify([place, text, change]);
}
