/**
 * Applies the rules for submissions to the text on standard input, and prints what is
 * refused as JSON. The argument is the name of the file. Needs no permission.
 *
 * @module
 */

import { checkSubmission } from "./check_submission.ts";

if (import.meta.main) {
  const source = await new Response(Deno.stdin.readable).text();
  console.log(JSON.stringify(checkSubmission(Deno.args[0]!, source)));
}
