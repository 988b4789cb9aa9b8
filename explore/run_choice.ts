/**
 * The options by which the commands that run tests choose what is run, so that they
 * mean the same everywhere.
 *
 * @module
 */

import { NetworkName } from "../testing/run_options.ts";
import { submissionOption } from "./submission_option.ts";

/** The network and the submission, as options of a command. */
export const runChoice = {
  network: NetworkName.meta({
    value: "NAME",
    description: "unreliable, which is graded, or hostile, which goes beyond it",
  }),
  submission: submissionOption,
};
