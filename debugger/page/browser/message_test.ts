import { assertEquals } from "@std/assert";
import { messageAfter } from "./message.ts";

Deno.test("messageAfter() tells nothing that comes later, even at the same time", () => {
  const sent = { id: 0, from: "clerk 0", to: "server 0", method: "KVServer.get", sentMs: 1 };
  const lost = { what: "reply", why: "lost", atMs: 4 } as const;
  const whole = { ...sent, deliveredMs: 2, repliedMs: 2, reply: '""', dropped: lost };
  const kinds = ["sent", "delivered", "replied", "dropped"] as const;
  const steps = kinds.map((kind) => ({ kind, message: 0 }));
  const others = [{ kind: "dropped", message: 1 }] as const;
  assertEquals(messageAfter(whole, [...steps.slice(0, 1), ...others]), sent);
  assertEquals(messageAfter(whole, steps.slice(0, 2)), { ...sent, deliveredMs: 2 });
  assertEquals(messageAfter(whole, steps), whole);
});
