import { HONEST } from "./honest.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms(HONEST, [
  "a decorator of a method",
  "a top-level await in client.ts",
  "delay() with a deadline and retries",
  "console.table",
]);
