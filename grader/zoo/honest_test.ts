import { HONEST } from "./mod.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms(HONEST, [
  ...["the reference", "a decorator of a method", "a top-level await in client.ts"],
  ...["a pause from delay between two requests", "console.table"],
]);
