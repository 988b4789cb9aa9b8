import { assertEquals } from "@std/assert";
import { HINTS } from "./hints.ts";
import { MessageLog } from "./message_log.ts";
import { withCaller } from "./cause.ts";

const FILES = {
  "client.ts": '// server.call("KVServer.get", …)\nserver\n  .call("KVServer.get", args);\n',
  "server.ts": 'peer.call("KVServer.get", args);\n',
};

/** A log in which a clerk's get timed out. */
function logOfTimeout(): MessageLog {
  const log = new MessageLog();
  const end = "clerk 0 to server 1";
  const sent = { kind: "sent", message: 0, end, method: "KVServer.get" } as const;
  log.record({ ...sent, bytes: 0, content: 0 }, 1, { key: "k" });
  log.record({ kind: "timed out", message: 0 }, 101, {});
  return log;
}

Deno.test("withCaller() says who called, and where if nobody handled a timeout", () => {
  const timeout = "TimeoutError: KVServer.get got no reply in time; it may have been executed";
  const told = (what: string) => withCaller({ what, hint: "h" }, logOfTimeout(), FILES);
  assertEquals(told(`Nobody handled ${timeout}`), {
    what: "Nobody handled the timeout of KVServer.get, which clerk 0 called on server 1",
    where: ["client.ts:3"],
    hint: HINTS.unhandledTimeout,
  });
  const thrown = `get("k") threw ${timeout}`;
  assertEquals(told(thrown), { what: thrown, where: ["client.ts:3"], hint: "h" });
  assertEquals(told("Nobody handled Error: x"), { what: "Nobody handled Error: x", hint: "h" });
});
