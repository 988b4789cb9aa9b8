/**
 * The smallest runs that fail in the same way as the tests of a submission did, told as
 * stories. They decide nothing: the search runs the submission without any permission, but
 * not in realms.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { storyLines } from "../explore/diagram.ts";
import { findSmallest, soughtFor } from "../explore/smallest.ts";
import { tellStory } from "../explore/story.ts";

/** A failed test. */
export interface FailedTest {
  /** What it failed with, and the idea that is missing. */
  message: string;
  hint: string;
  /** How many servers the run had; `undefined` if that is not known. */
  nservers: number | undefined;
}

/** Tells the stories of one submission. Tests that fail for the same reason share one. */
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
    const key = JSON.stringify([test.hint, test.nservers === 1]);
    const story = this.#told.get(key) ?? this.#search(test);
    this.#told.set(key, story);
    return story;
  }

  async #search({ message, hint, nservers }: FailedTest): Promise<string[] | undefined> {
    const sought = soughtFor({ violation: { what: message, hint } }, nservers, "unreliable");
    try {
      const smallest = await findSmallest(this.#lab, sought);
      return smallest && storyLines(tellStory(smallest));
    } catch (error) {
      // What cannot be explained is graded all the same.
      if (error instanceof CommandError) return undefined;
      throw error;
    }
  }
}
