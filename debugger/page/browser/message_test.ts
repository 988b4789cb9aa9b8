import { assertEquals } from "@std/assert";
import { messageAt } from "./message.ts";

Deno.test("messageAt() tells nothing that comes later", () => {
  const sent = { id: 0, from: "clerk 0", to: "server 0", method: "KVServer.get", sentMs: 1 };
  const lost = { what: "reply", why: "lost", atMs: 4 } as const;
  const whole = { ...sent, deliveredMs: 2, repliedMs: 3, reply: '""', dropped: lost };
  assertEquals(messageAt(whole, 1), sent);
  assertEquals(messageAt(whole, 3), { ...sent, deliveredMs: 2, repliedMs: 3, reply: '""' });
  assertEquals(messageAt(whole, 4), whole);
});
