/**
 * Tells the parent what of the two files `deno test` refuses. The rules can be applied in
 * `deno test` only, so that runs this file, although it holds no test.
 *
 * @module
 */

import client from "../../client.ts" with { type: "text" };
import server from "../../server.ts" with { type: "text" };
import { post } from "./parent.ts";
import { submissionViolation } from "../../testing/submission_check.ts";

post(submissionViolation({ "client.ts": client, "server.ts": server }) ?? null);
