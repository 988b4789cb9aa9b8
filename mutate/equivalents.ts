/**
 * The survivors that are no gap of the tests: each change with the reason why nobody who
 * reads only replies and messages can tell it from the original.
 *
 * A change is known by the submission and its text, not by its line number, so that an edit
 * elsewhere in the file does not make it a new one.
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
/** A change, as the file of reasons describes it. */
export type Change = z.infer<typeof Change>;

/** The schema of the file of reasons: a list for each submission by its name. */
export const Equivalents = z.record(
  z.string(),
  z.array(z.strictObject({ reason: z.string().min(1), changes: z.array(Change).min(1) })),
);
/** The reasons for each submission. */
export type Equivalents = z.infer<typeof Equivalents>;

const EQUIVALENTS = new URL("equivalents.json", import.meta.url);

/** Reads the file of the reasons that are known.
 *
 * @throws {CommandError} It cannot be read, or holds something else. */
export async function readEquivalents(): Promise<Equivalents> {
  const refuse = (what: string): never => {
    throw new CommandError(`Cannot read the reasons in ${EQUIVALENTS}: ${what}`);
  };
  const data: unknown = await Deno.readTextFile(EQUIVALENTS).then(JSON.parse).catch((error) => {
    refuse(`${error.message}; expected JSON`);
  });
  const parsed = Equivalents.safeParse(data);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return refuse(`${path.join(".")}: ${message}`);
}

/** The survivors of one submission, with and without a reason. */
export interface Judged {
  /** Those with a reason. */
  readonly equivalent: Mutant[];
  /** Those without one. */
  readonly survivors: Mutant[];
  /** Reasons for changes that do not survive, or that can no longer be made. */
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

/** Describes a mutant as the file of reasons does. */
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
