import { assertEquals, assertThrows } from "@std/assert";
import { OptionsError } from "../cli/options.ts";
import { DEFAULT_SEED, parseRunOptions } from "./run_options.ts";

function refuse(args: string[], words: string): void {
  const error = assertThrows(() => parseRunOptions(args), OptionsError, words);
  assertEquals(error.message.includes("\n"), false);
}

Deno.test("parseRunOptions() gives the fixed seed and virtual time when there are no options", () => {
  assertEquals(parseRunOptions([]), {
    seed: DEFAULT_SEED,
    clock: "virtual",
    network: "unreliable",
  });
});

Deno.test("parseRunOptions() reads a seed, a clock and a network, in both notations", () => {
  const network = "unreliable";
  assertEquals(parseRunOptions(["--seed=7", "--clock=real"]), { seed: 7, clock: "real", network });
  assertEquals(parseRunOptions(["--seed", "0"]), { seed: 0, clock: "virtual", network });
  assertEquals(parseRunOptions(["--network", "hostile"]).network, "hostile");
  assertEquals(parseRunOptions(["--debug"]).debug, true);
  assertEquals(parseRunOptions([`--seed=${2 ** 53 - 1}`]).seed, 2 ** 53 - 1);
});

Deno.test("parseRunOptions() names the nearest option when one is unknown", () => {
  refuse(["--sede=7"], 'Unknown option "--sede=7"; did you mean --seed?');
  refuse(["--clok", "real"], 'Unknown option "--clok"; did you mean --clock?');
  refuse(["-s"], 'Unknown option "-s"');
  refuse(["--seed="], "Cannot use --seed=: it has no value");
});

Deno.test("parseRunOptions() says what it expects when a seed is not a whole number", () => {
  for (const seed of ["x", "1.5", "-1", "1e3", String(2 ** 53)]) {
    refuse([`--seed=${seed}`], `Cannot use --seed=${seed}: expected a whole number`);
  }
  refuse(["--seed"], "Cannot use --seed: it has no value");
});

Deno.test("parseRunOptions() says what it expects when a clock, a network or an argument is unknown", () => {
  refuse(["--network=calm"], "expected --network=unreliable or --network=hostile");
  refuse(["--clock=wall"], "expected --clock=virtual or --clock=real");
  refuse(["7"], 'Unexpected argument "7"');
});
