import { HONEST } from "./mod.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms(HONEST, [
  ...["the reference", "a decorator of a method", "a top-level await in client.ts"],
  ...["a pause from delay, with a deadline and retries", "console.table"],
]);
