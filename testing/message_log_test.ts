import { assertEquals } from "@std/assert";
import { MessageLog } from "./message_log.ts";
import { append, logOf, put } from "./operations_fixture.ts";
import { token } from "./values.ts";

Deno.test("MessageLog accepts any content of a message", () => {
  const log = new MessageLog();
  const sent = { kind: "sent", end: "clerk 0 to server 0", method: "KVServer.put" } as const;
  for (const [message, carried] of [null, 1n, "text", { id: 1n }, {}, []].entries()) {
    log.record({ ...sent, message, bytes: 0, content: 0 }, 0, carried);
  }
  assertEquals(log.sharedNumbers(), undefined);
});

Deno.test("MessageLog tells requests with long values apart", () => {
  const [long, other] = [put(0, [0, 2], "a".repeat(1000)), put(1, [0, 2], "a".repeat(1001))];
  const log = logOf(
    [long, { begun: 1, ended: 1 }],
    [other, { begun: 1, ended: 1 }],
    [long, { begun: 1, ended: 1 }],
  );
  assertEquals([log.isRepeated(long), log.isRepeated(other)], [true, false]);
});

Deno.test("MessageLog.sharedNumbers() ignores fields that a clerk repeats in every request", () => {
  const writes = [put(0, [0, 1], "a"), put(0, [2, 3], "b"), put(1, [4, 5], "c")];
  const log = logOf(...writes.map((each): [typeof each, object] => [each, { numbers: { v: 1 } }]));
  assertEquals(log.sharedNumbers(), undefined);
});

Deno.test("MessageLog.sharedNumbers() does not take a key's value for a number", () => {
  const log = logOf(...["", "", "x 0 1 y", "x 0 1 y"].map((old, clerk) => {
    const write = append(clerk, [0, 1], token(clerk, 0));
    return [write, { numbers: { old } }] as [typeof write, object];
  }));
  assertEquals(log.sharedNumbers(), undefined);
});
