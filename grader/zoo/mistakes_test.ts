import { MISTAKES } from "./mod.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms(MISTAKES, [
  ...["an import of node:crypto", "an import of node:timers", "a value of config.ts"],
  ...["the network itself", "a computed import", "process.nextTick"],
  ...["a counter at the top of the file", "a clerk that gives up", "a busy wait"],
  ...["a loop that awaits nothing"],
  ...["a promise that fails with nobody waiting", "a constructor that throws"],
]);
