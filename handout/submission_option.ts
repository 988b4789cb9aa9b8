/**
 * The option that names a submission, in the copy that students get: it is refused, so the
 * help leaves it out.
 *
 * @module
 */

import { z } from "zod";

/** The folder of a submission. */
export const submissionOption = z.string().optional().meta({ isHidden: true });
