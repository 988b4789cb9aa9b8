import { HONEST } from "./mod.ts";
import { testPrograms } from "./zoo_fixture.ts";

testPrograms(HONEST);
