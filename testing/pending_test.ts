import { assertEquals, assertStringIncludes } from "@std/assert";
import { HINTS } from "./hints.ts";
import { Pending, pendingViolation } from "./pending.ts";

const never = new Promise<string>(() => {});

async function pending(key: string, result: Promise<string>): Promise<Pending> {
  const operation = new Pending({ op: "get", key }, result);
  await Promise.resolve();
  return operation;
}

Deno.test("pendingViolation() names an operation that completed without a replica", async () => {
  const waiting = [await pending("0", never), await pending("3", Promise.resolve(""))];
  const violation = pendingViolation(waiting, []);
  assertStringIncludes(violation!.what, 'get("3") completed although');
  assertEquals(violation!.hint, HINTS.notRejected);
});

Deno.test("pendingViolation() names an operation that waits although a replica is up", async () => {
  const served = [await pending("1", Promise.resolve("")), await pending("2", never)];
  const violation = pendingViolation([], served);
  assertStringIncludes(violation!.what, 'get("2") did not complete');
  assertEquals(violation!.hint, HINTS.noFallback);
});
