import { assertEquals, assertMatch } from "@std/assert";
import { explainError, resultViolation, thrownViolation } from "./explain.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./cluster.ts";
import { token } from "./values.ts";

const get: Request = { op: "get", key: "0" };
const own = token(0, 1);
const append: Request = { op: "append", key: "0", value: own };

/** An error with a stack that leads through a student's file. */
function studentError(error: Error): Error {
  error.stack = [
    "Error: boom",
    "    at ClientEnd.call (file:///home/me/my lab/labrpc.ts:1:2)",
    "    at Clerk.append (file:///home/me/lab/client.ts:46:11)",
    "    at Clerk.append (file:///home/me/lab/client.ts:46:11)",
    "    at file:///home/me/lab/server.ts:9:1",
    "    at async Config.op (file:///home/me/lab/config.ts:3:4)",
  ].join("\n");
  return error;
}

Deno.test("resultViolation() requires an RPC, and a string from get and append", () => {
  assertEquals(resultViolation(get, "", 1), undefined);
  assertEquals(resultViolation({ op: "put", key: "0", value: "x" }, undefined, 1), undefined);
  assertEquals(resultViolation(get, "", 0)?.hint, HINTS.noRpc);
  for (const result of [undefined, null, 1, {}]) {
    assertEquals(resultViolation(get, result, 1)?.hint, HINTS.resultType);
  }
});

Deno.test("resultViolation() tells a new value from an append that was executed twice", () => {
  assertEquals(resultViolation(append, token(0, 0), 3), undefined);
  assertEquals(resultViolation(append, own, 1)?.hint, HINTS.oldValue);
  assertEquals(resultViolation(append, own, 2)?.hint, HINTS.executedTwice);
  // Values that may be written more than once prove nothing.
  assertEquals(resultViolation({ op: "append", key: "0", value: "x" }, "x", 1), undefined);
});

Deno.test("thrownViolation() hints at retries for timeouts only, and shows the student's frames", () => {
  const timeout = Object.assign(new Error("late"), { name: "TimeoutError" });
  assertEquals(thrownViolation(get, timeout).hint, HINTS.gaveUp);
  assertEquals(thrownViolation(get, new AggregateError([timeout, timeout])).hint, HINTS.gaveUp);
  assertEquals(thrownViolation(get, new AggregateError([timeout, new Error()])).hint, HINTS.threw);
  assertEquals(thrownViolation(get, new Error("Your code here: get")).hint, HINTS.notWritten);
  const { what, where, hint } = thrownViolation(get, studentError(new Error("boom")));
  assertEquals([what, hint], ['get("0") threw Error: boom', HINTS.threw]);
  assertEquals(where, ["client.ts:46:11 (Clerk.append)", "server.ts:9:1"]);
});

Deno.test("explainError() shows where the handler threw, not where the network did", () => {
  const cause = studentError(new Error("boom"));
  const error = Object.assign(new Error("The handler X threw", { cause }), { name: "RpcError" });
  const violation = explainError(error);
  assertEquals([violation.what, violation.hint], ["The handler X threw", HINTS.handlerThrew]);
  assertMatch(violation.where!.join(), /client\.ts:46:11/);
  const nothing = new Error("The handler X threw undefined", { cause: undefined });
  assertEquals(explainError(Object.assign(nothing, { name: "RpcError" })).hint, HINTS.handlerThrew);
  assertEquals(explainError(new Error("boom")).hint, HINTS.unhandled);
});

Deno.test("the reply to a get or append without a value hints at missing keys", () => {
  const hintOf = (method: string) => {
    const message =
      `Cannot send the reply of KVServer.${method}: the field "value" does not fit: ` +
      "Invalid input: expected string, received undefined";
    return explainError(Object.assign(new Error(message), { name: "RpcError" })).hint;
  };
  assertEquals([hintOf("get"), hintOf("append")], [HINTS.missingKey, HINTS.missingKey]);
  assertEquals(hintOf("put"), HINTS.rpc);
});
