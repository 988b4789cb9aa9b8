/**
 * Tells the parent what `deno test` refuses in the two files. The lint rules run only inside
 * `deno test`, which therefore runs this file, although it holds no test.
 *
 * @module
 */

import client from "../../client.ts" with { type: "text" };
import server from "../../server.ts" with { type: "text" };
import { post } from "./parent.ts";
import { submissionViolation } from "../../testing/submission_check.ts";

post(submissionViolation({ "client.ts": client, "server.ts": server }) ?? null);
