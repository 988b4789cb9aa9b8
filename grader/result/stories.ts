/**
 * The smallest runs that fail in the same way as the tests of a submission did, told as
 * stories. They decide nothing: the search runs the submission without any permission, but
 * not in realms.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { storyLines } from "../../explore/story/diagram.ts";
import { explain } from "../../explore/story/explanation.ts";

/** A failed test. */
export interface FailedTest {
  /** The whole name of the test, and the seed that it failed with. */
  test: string;
  seed: number;
  /** The message of its failure, and the idea that is missing. */
  message: string;
  hint: string;
  /** True if the run came to its end. */
  hasEnded: boolean;
}

/** Tells the stories of one submission. Tests that fail for the same reason share one, which is
 * that of the simplest of them: the tests come in that order. */
export class Stories {
  readonly #lab: URL;
  readonly #told = new Map<string, Promise<string[] | undefined>>();

  /** @param lab The folder of a copy of the lab with the submission in it; ends in a slash. */
  constructor(lab: URL) {
    this.#lab = lab;
  }

  /** Searches for the story of a failed test, for up to ten seconds.
   *
   * @returns Its lines; `undefined` if no small run fails in this way.
   */
  tell(test: FailedTest): Promise<string[] | undefined> {
    const told = this.#told.get(test.hint) ?? Promise.resolve(undefined);
    const story = told.then((lines) => lines ?? this.#search(test));
    this.#told.set(test.hint, story);
    return story;
  }

  async #search(failed: FailedTest): Promise<string[] | undefined> {
    const { test, seed, message, hint, hasEnded } = failed;
    const failure = { violation: { what: message, hint } };
    try {
      const explanation = await explain(this.#lab, {
        test,
        seed,
        network: "unreliable",
        failure,
        hasEnded,
      });
      return explanation && storyLines(explanation.story);
    } catch (error) {
      // What cannot be explained is graded all the same.
      if (error instanceof CommandError) return undefined;
      throw error;
    }
  }
}
