import { assertEquals, assertThrows } from "@std/assert";
import { OptionsError } from "../cli/options.ts";
import { DEFAULT_SEED, parseRunOptions } from "./run_options.ts";

Deno.test("parseRunOptions() reads a seed, a clock and a network, in both notations", () => {
  const plain = { seed: DEFAULT_SEED, clock: "virtual", network: "unreliable" } as const;
  assertEquals(parseRunOptions([]), plain);
  assertEquals(parseRunOptions(["--seed=7", "--clock=real"]), { ...plain, seed: 7, clock: "real" });
  assertEquals(parseRunOptions(["--seed", "0"]), { ...plain, seed: 0 });
  assertEquals(parseRunOptions(["--network", "hostile"]), { ...plain, network: "hostile" });
  assertEquals(parseRunOptions(["--debug"]), { ...plain, debug: true });
});

Deno.test("parseRunOptions() says in one line what it expects", () => {
  const refuse = (args: string[], words: string) => {
    const error = assertThrows(() => parseRunOptions(args), OptionsError, words);
    assertEquals(error.message.includes("\n"), false);
  };
  refuse(["--clok", "real"], 'Unknown option "--clok"; did you mean --clock?');
  for (const seed of ["x", "1.5", "-1", "1e3", String(2 ** 53)]) {
    refuse([`--seed=${seed}`], `Cannot use --seed=${seed}: expected a whole number`);
  }
  refuse(["--network=calm"], "expected --network=unreliable or --network=hostile");
  refuse(["--clock=wall"], "expected --clock=virtual or --clock=real");
  refuse(["7"], 'Unexpected argument "7"');
});
