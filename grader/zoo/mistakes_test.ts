import { MISTAKES } from "./mod.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms(MISTAKES);
