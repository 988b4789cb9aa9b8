import { assert, assertEquals, assertMatch } from "@std/assert";
import { layOver } from "../overlay.ts";
import { mayRunProcesses } from "../permissions.ts";
import { filesOf, HONEST, MISTAKES, type Program } from "./mod.ts";
import { type Outcome, runPlainly } from "./plain_run.ts";

const ignore = !mayRunProcesses;
const LAB = new URL("../../", import.meta.url);
const TESTS = 7;
/** How many run at the same time. */
const JOBS = 2;

const reference = new Map<string, string>();
const outcomes = new Map<Program, PromiseWithResolvers<Outcome>>();

/** Runs all programs beside each other, once. */
async function beginAll(): Promise<void> {
  if (outcomes.size > 0) return;
  const rest = [...HONEST, ...MISTAKES];
  for (const program of rest) outcomes.set(program, Promise.withResolvers());
  for (const file of ["client.ts", "server.ts"]) {
    reference.set(file, await Deno.readTextFile(new URL(file, LAB)));
  }
  const runRest = async () => {
    await using overlay = await layOver(LAB);
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const { resolve, reject } = outcomes.get(next)!;
      await Promise.try(() => runPlainly(overlay, filesOf(next!, reference))).then(resolve, reject);
    }
  };
  for (let job = 0; job < JOBS; job++) runRest();
}

const options = { ignore, sanitizeOps: false, sanitizeResources: false };

for (const program of [...HONEST, ...MISTAKES]) {
  const { name, fails, says } = program;
  const what = fails === "refused" ? "refuses" : fails.length > 0 ? "fails" : "passes";
  Deno.test(`deno test ${what} ${name}`, options, async () => {
    await beginAll();
    const { passed, failed, output } = await outcomes.get(program)!.promise;
    assertEquals(passed.length + failed.length, TESTS, output);
    if (fails === "refused") assertEquals(passed, []);
    else assertEquals(failed, [...fails].sort(), output);
    if (says !== undefined) assertMatch(output, says);
  });
}

Deno.test("the zoo holds forty honest programs and forty mistakes", () => {
  assert(HONEST.length >= 40 && MISTAKES.length >= 40);
});
