import { assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { type Command, CommandError, EXIT_STATUS } from "./command.ts";
import { runInProcess } from "./command_fixture.ts";
import { flag, wholeNumber } from "./options.ts";

const options = z.strictObject({
  seeds: wholeNumber("seeds", 1).default(10).meta({ value: "N", description: "How many seeds" }),
  quiet: flag().describe("Says little"),
});

/** Runs a command and catches what it says. */
async function run(args: string[], changes: Partial<Command<typeof options>> = {}) {
  const seen: unknown[] = [];
  const command: Command<typeof options> = {
    name: "count",
    summary: "Counts sheep",
    operands: { name: "FILE", min: 1 },
    options,
    run(...given) {
      seen.push(given);
      return EXIT_STATUS.failed;
    },
    ...changes,
  };
  const { status, out, err } = await runInProcess(command, args);
  return { status, seen, out: out.trimEnd(), err: err.trimEnd() };
}

Deno.test("runCommand() passes options and operands on, and returns the status", async () => {
  const { status, seen } = await run(["--seeds=3", "a.json", "7"]);
  assertEquals(seen, [[{ seeds: 3, quiet: false }, ["a.json", "7"]]]);
  assertEquals(status, EXIT_STATUS.failed);
  assertEquals((await run(["--quiet", "a"])).seen, [[{ seeds: 10, quiet: true }, ["a"]]]);
});

Deno.test("runCommand() prints every option with its meaning when it is asked for help", async () => {
  const { status, out, seen } = await run(["--help"]);
  assertEquals([status, seen], [0, []]);
  assertEquals(
    out,
    `deno task count FILE… [options]
Counts sheep

  --seeds=N  How many seeds
  --quiet    Says little
  --help     Prints this

Exit status: 0 all is well; 1 something failed; 2 could not tell, and one line says why.`,
  );
});

Deno.test("runCommand() refuses a bad command line in one line, with status 2", async () => {
  const cases: [args: string[], line: string][] = [
    [["--seeds=3", "a", "--seeds=4"], "count: Option --seeds is given twice, with 3 and with 4"],
    [["--sedes=3", "a"], 'count: Unknown option "--sedes=3"; did you mean --seeds?'],
    [
      ["--seeds=0", "a"],
      "count: Cannot use --seeds=0: expected a whole number, at least 1, for example --seeds=7",
    ],
    [
      ["--seeds=9007199254740992", "a"],
      "count: Cannot use --seeds=9007199254740992: expected a whole number below 2^53",
    ],
    [
      ["--parallel", "a"],
      'count: Unknown option "--parallel"; --help lists all',
    ],
    [
      ["--quiet=no", "a"],
      'count: Cannot use --quiet=no: --quiet takes no value; leave it out for "no"',
    ],
    [["--seeds", "", "a"], "count: Cannot use --seeds: it has no value"],
    [["--seeds=", "a"], "count: Cannot use --seeds=: it has no value"],
    [["-q", "a"], 'count: Unknown option "-q"; did you mean --quiet?'],
    [[], "count: No FILE was given; expected deno task count FILE… [options]"],
  ];
  for (const [args, line] of cases) {
    const { status, err, seen } = await run(args);
    assertEquals([status, err, seen], [2, line, []]);
  }
});

Deno.test("runCommand() prints why a command could not do its work", async () => {
  const { status, err } = await run(["a"], {
    run() {
      throw new CommandError('Cannot read "a": no such file');
    },
  });
  assertEquals([status, err], [2, 'count: Cannot read "a": no such file']);
});

Deno.test("runCommand() ends with status 2 and not 1 when a command crashes", async () => {
  const { status, err } = await run(["a"], {
    run() {
      throw new TypeError("Cannot destructure property");
    },
  });
  assertEquals(status, EXIT_STATUS.unknown);
  assertStringIncludes(err, "count: Internal error, please report it:");
  assertStringIncludes(err, "Cannot destructure property");
});
