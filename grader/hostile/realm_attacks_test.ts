/**
 * An attack in a realm passes no test, and grading says what it refuses.
 *
 * @module
 */

import { assertMatch } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { checkSubmission } from "../../lint/check_submission.ts";
import { runOutcome } from "../realm/fixture.ts";
import { BundleError, RealmFactory, stopBundler } from "../realm/mod.ts";
import { REALM_ATTACKS } from "./realm_attacks.ts";
import { bundleAttack, filesOf } from "./skeleton_fixture.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const FAILED = /\n {2}hint: |^BundleError: |^SyntaxError: /;

/** Runs a test, even if the rules refuse the attack: the realm must withstand it alone. */
async function report(attack: typeof REALM_ATTACKS[number]): Promise<string> {
  try {
    const factory = new RealmFactory(await bundleAttack(attack));
    return await runOutcome("TestBasic", 5, await factory.machines());
  } catch (error) {
    if (error instanceof BundleError || error instanceof SyntaxError) return String(error);
    throw error;
  }
}

for (const attack of REALM_ATTACKS) {
  Deno.test(`a realm gives no point to code that tries to ${attack.tries}`, options, async () => {
    const failure = await report(attack);
    assertMatch(failure, FAILED);
    const refused = Array.from(filesOf(attack)).flatMap((file) => checkSubmission(...file));
    const words = [...refused.map(({ message }) => message), failure].join("\n");
    if (attack.says !== undefined) assertMatch(words, attack.says);
  });
}

Deno.test.afterAll(stopBundler);
