import { assertEquals } from "@std/assert";
import type { TraceEvent } from "./trace_event.ts";
import { MessageLog } from "./message_log.ts";
import { token } from "./values.ts";

function sent(message: number, clerk: number): TraceEvent {
  const end = `clerk ${clerk} to server 0`;
  return { kind: "sent", message, end, method: "KVServer.put", bytes: 0, content: 0 };
}

Deno.test("MessageLog takes whatever a message carries", () => {
  const log = new MessageLog();
  for (const [message, carried] of [null, 1n, "text", { id: 1n }, {}, []].entries()) {
    log.record(sent(message, message), 0, carried);
  }
  assertEquals(log.sharedNumbers(), undefined);
});

Deno.test("MessageLog tells requests with long values apart", () => {
  const log = new MessageLog();
  const put = (client: number, value: string) => {
    return { client, op: "put", key: "k", value, call: 0, return: 1, callMs: 0 } as const;
  };
  const [long, other] = [put(0, "a".repeat(1000)), put(1, "a".repeat(1001))];
  for (const [message, { client, key, value }] of [long, other, long].entries()) {
    log.record(sent(message, client), 0, { key, value, id: client });
    log.record({ kind: "delivered", message, server: "server 0" }, 1, undefined);
    log.record({ kind: "replied", message, bytes: 0, content: 0 }, 1, {});
  }
  assertEquals([log.isRepeated(long), log.isRepeated(other)], [true, false]);
  assertEquals(log.isOverlapping(long, other), false);
});

Deno.test("MessageLog.sharedNumbers() ignores what a clerk says in every request", () => {
  const log = new MessageLog();
  const requests = [[0, "a"], [0, "b"], [1, "c"]] as const;
  for (const [message, [clerk, value]] of requests.entries()) {
    log.record(sent(message, clerk), 0, { key: "k", value, version: 1 });
  }
  assertEquals(log.sharedNumbers(), undefined);
});

Deno.test("MessageLog.sharedNumbers() takes no value of a key for a number", () => {
  const log = new MessageLog();
  for (const [message, old] of ["", "", "x 0 1 y", "x 0 1 y"].entries()) {
    log.record(sent(message, message), 0, { key: "k", value: token(message, 0), old });
  }
  assertEquals(log.sharedNumbers(), undefined);
});
