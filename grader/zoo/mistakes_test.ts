import { MISTAKES } from "./mistakes.ts";
import { REFUSED } from "./refused.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms([...REFUSED, ...MISTAKES], [
  "an import of node:crypto",
  "a computed import",
  "a counter at the top of the file",
  "a clerk that gives up",
  "a busy wait",
  "a loop that awaits nothing",
  "a rejection that nobody handles",
  "a constructor that throws",
]);
