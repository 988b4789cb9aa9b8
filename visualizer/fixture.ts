/**
 * Recordings for tests: clerks and servers over a network that loses and delays messages,
 * computed without running the lab.
 *
 * @module
 */

import { check, kv, type Operation } from "../linearizability/mod.ts";
import type { PageContent, PageMessage, PageStory } from "./content.ts";
import { pageParts } from "./parts.ts";

/** An append that takes effect twice because its reply is lost. */
export const STORY: PageStory = {
  title: "The smallest run that fails in this way: 1 clerk, 1 server, 1 operation, 1 fault",
  columns: ["clerk 0", "server 0"],
  steps: [
    { kind: "note", atMs: 0, at: "clerk 0", text: 'append("0", "x 0 0 y")' },
    request(0, "1 append"),
    { ...reply(0.5, '1: ""'), isLost: true },
    { kind: "note", atMs: 100, at: "clerk 0", text: "gets no reply to 1" },
    request(100, "2 append"),
    reply(100.5, '2: "x 0 0 y"'),
  ],
  notes: [
    { label: "Happened", text: "the reply to request 1 was lost; server 0 executed both" },
    { label: "Hint", text: "A clerk that gets no reply cannot know what was executed" },
  ],
};

function request(atMs: number, text: string) {
  return { kind: "message", atMs, from: "clerk 0", to: "server 0", text, isLost: false } as const;
}

function reply(atMs: number, text: string) {
  return { ...request(atMs, text), from: "server 0", to: "clerk 0" };
}

/** Returns a story of the greatest size that the search shows, with long texts. */
export function longStory(): PageStory {
  const columns = ["clerk 0", "clerk 1", "clerk 2", "clerk 3", "server 0", "server 1", "server 2"];
  const steps = Array.from({ length: 60 }, (_, i) => {
    const [from, to] = [columns[i % 7]!, columns[(3 * i + 1) % 7]!];
    const text = `${i} append("0", "${"x 0 0 y".repeat(i % 11)}")`;
    return i % 6 === 0
      ? { kind: "note", atMs: 33 * i, at: to, text } as const
      : { kind: "message", atMs: 33 * i, from, to, text, isLost: i % 4 === 3 } as const;
  });
  return { ...STORY, columns, steps };
}

/** The shape of a recording. */
export interface Shape {
  readonly operations: number;
  readonly clients: number;
  readonly keys?: number;
  /** True if the server executes retries. */
  readonly executesTwice?: boolean;
  /** The probability that a request or a reply is dropped. */
  readonly lossProbability?: number;
}

const TIMEOUT_MS = 100;
const DELAY_MS_MAX = 26;

/** A request that reaches the server. */
interface Execution {
  readonly atMs: number;
  readonly operation: Operation;
  readonly isAnswered: boolean;
}

/** Returns a recording. Equal shapes give equal recordings. */
export function recording(shape: Shape): PageContent {
  const { clients, keys = 1, executesTwice = false, lossProbability = 0.1 } = shape;
  const random = randomNumbers();
  const operations: Operation[] = [];
  const messages: PageMessage[] = [];
  const executions: Execution[] = [];
  for (let client = 0; client < clients; client++) {
    let nowMs = random();
    for (let i = client; i < shape.operations; i += clients) {
      nowMs += random();
      const op = random() < 0.6 ? "append" : "get";
      const value = `x ${client} ${i} y`;
      const key = String(Math.floor(random() * keys));
      const times = { call: 0, return: null, callMs: nowMs, returnMs: null };
      const operation = { client, op, key, ...op === "append" && { value }, ...times } as Operation;
      operations.push(operation);
      while (operation.returnMs === null) {
        const { message, execution } = tryOnce(operation, nowMs, lossProbability, random);
        messages.push({ id: messages.length, ...message });
        if (execution !== undefined) executions.push(execution);
        nowMs = message.receivedMs ?? nowMs + TIMEOUT_MS;
      }
    }
  }
  execute(executions, executesTwice);
  count(operations);
  operations.sort((a, b) => a.call - b.call);
  messages.sort((a, b) => a.sentMs - b.sentMs);
  const parts = pageParts(kv, check(kv, operations));
  const notes = [{ label: "replay", text: "deno task replay --test=TestUnreliable --seed=7" }];
  const endMs = messages.at(-1)!.sentMs;
  const faults = [
    { atMs: 0.2 * endMs, server: "server 1", what: "stopped" },
    { atMs: 0.5 * endMs, server: "server 1", what: "started" },
    { atMs: 0.9 * endMs, server: "server 2", what: "stopped" },
  ] as const;
  return { title: "TestUnreliable, seed 7", notes, parts, messages, faults };
}

/** Sends a request. The request or the reply may be lost, or the reply may be late. */
function tryOnce(
  operation: Operation,
  sentMs: number,
  lossProbability: number,
  random: () => number,
): { message: Omit<PageMessage, "id">; execution?: Execution } {
  const { client, op, key, value } = operation;
  const sent = {
    from: `clerk ${client}`,
    to: `server ${Number(key) % 3}`,
    method: `KVServer.${op}`,
    args: JSON.stringify({ key, value }),
    sentMs,
  };
  const timedOutMs = sentMs + TIMEOUT_MS;
  const deliveredMs = sentMs + random() * DELAY_MS_MAX;
  if (random() < lossProbability) {
    const dropped = { what: "request", why: "lost", atMs: sentMs + 1 } as const;
    return { message: { ...sent, timedOutMs, dropped } };
  }
  const repliedMs = deliveredMs + 0.1;
  const isLate = random() < lossProbability / 2;
  const isAnswered = !isLate && random() >= lossProbability;
  const execution = { atMs: deliveredMs, operation, isAnswered };
  const executed = { ...sent, deliveredMs, repliedMs };
  if (isAnswered) {
    const receivedMs = repliedMs + random();
    operation.returnMs = receivedMs;
    return { message: { ...executed, receivedMs, reply: "{…}" }, execution };
  }
  const atMs = isLate ? timedOutMs + 200 * random() : repliedMs + 0.5;
  const dropped = { what: "reply", why: isLate ? "late" : "lost", atMs } as const;
  return { message: { ...executed, timedOutMs, dropped }, execution };
}

function execute(executions: Execution[], executesTwice: boolean): void {
  const values = new Map<string, string>();
  const results = new Map<Operation, string>();
  for (const { operation, isAnswered } of executions.sort((a, b) => a.atMs - b.atMs)) {
    const { op, key, value } = operation;
    const old = values.get(key) ?? "";
    const isRetry = results.has(operation);
    if (op === "append" && (executesTwice || !isRetry)) values.set(key, old + value);
    if (!isRetry || executesTwice || op === "get") results.set(operation, old);
    if (isAnswered) operation.output = results.get(operation)!;
  }
}

/** Numbers the calls and returns in the order of time. */
function count(operations: Operation[]): void {
  const events = operations.flatMap((operation) => [
    { atMs: operation.callMs!, set: (at: number) => Object.assign(operation, { call: at }) },
    { atMs: operation.returnMs!, set: (at: number) => Object.assign(operation, { return: at }) },
  ]);
  events.sort((a, b) => a.atMs - b.atMs).forEach(({ set }, counter) => set(counter));
}

/** Returns a generator of numbers from 0 to 1: a linear congruence (Park and Miller 1988). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = state * 48271 % 0x7fffffff;
    return state / 0x7fffffff;
  };
}
