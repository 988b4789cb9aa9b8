/**
 * The option that names a submission. The students' copy of the lab has another module in its
 * place.
 *
 * @module
 */

import { z } from "zod";

/** The folder of a submission; the lab's own files if absent. */
export const submissionOption = z.string().min(1, "expected a folder").optional()
  .meta({ value: "DIR", description: "Runs the client.ts and server.ts of this folder" });
