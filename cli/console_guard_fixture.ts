/**
 * A command that prints one word.
 *
 * @module
 */

import { z } from "zod";
import { EXIT_STATUS, main } from "./command.ts";

await main({
  name: "speak",
  summary: "Says one word",
  options: z.strictObject({}),
  run() {
    console.log("word");
    return EXIT_STATUS.ok;
  },
});
