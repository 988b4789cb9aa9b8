/**
 * The program of a process that applies the rules for submissions. `deno test` runs it, since only
 * that can parse a file.
 *
 * @module
 */

import client from "../../client.ts" with { type: "text" };
import server from "../../server.ts" with { type: "text" };
import { submissionViolation } from "../../testing/submission_check.ts";
import { serve } from "./parent.ts";

await serve(() => {
  const ready = submissionViolation({ "client.ts": client, "server.ts": server }) ?? null;
  return Promise.resolve({ ready });
});
