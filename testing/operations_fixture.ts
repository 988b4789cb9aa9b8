/**
 * Operations on key "k", and logs of their requests.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/mod.ts";
import { MessageLog } from "./message_log.ts";
import type { TraceEvent } from "./trace_event.ts";

/** The times of a call and a return, which also give their order. */
type Span = [called: number, returned: number | null];

function operation(client: number, [call, returned]: Span, fields: Partial<Operation>): Operation {
  const times = { call, return: returned, callMs: call, returnMs: returned };
  return { client, op: "get", key: "k", ...fields, ...times };
}

/** Makes a put. */
export function put(client: number, span: Span, value: string): Operation {
  return operation(client, span, { op: "put", value });
}

/** Makes an append. Without an output, its result is unknown. */
export function append(client: number, span: Span, value: string, output?: string): Operation {
  return operation(client, span, { op: "append", value, ...output !== undefined && { output } });
}

/** Makes a get. */
export function get(client: number, span: Span, output?: string): Operation {
  return operation(client, span, output === undefined ? {} : { output });
}

/** Makes a history of a key/value store. */
export function history(...operations: Operation[]): History {
  return { model: "kv", operations };
}

/** A request: its server, its fields besides key and value, its reply, and the times at which its
 * handler began and ended and its caller timed out. */
interface RequestFields {
  server?: number;
  numbers?: object;
  reply?: number;
  begun?: number;
  ended?: number;
  timedOut?: number;
}

/** Makes the log of requests, each for an operation, in the order of time. */
export function logOf(...requests: [of: Operation, fields?: RequestFields][]): MessageLog {
  const log = new MessageLog();
  const events = requests.flatMap(([{ client, op, key, value, callMs }, fields = {}], message) => {
    const { server = 0, numbers, reply = 0, begun, ended, timedOut } = fields;
    const end = `clerk ${client} to server ${server}`;
    const sent = { kind: "sent", end, method: `KVServer.${op}`, ...{ bytes: 0, content: 0 } };
    return [
      {
        at: callMs!,
        event: sent,
        carried: { key, ...value !== undefined && { value }, ...numbers },
      },
      { at: begun, event: { kind: "delivered", server: `server ${server}` } },
      { at: ended, event: { kind: "replied", bytes: 0, content: reply } },
      { at: timedOut === undefined ? ended : undefined, event: { kind: "received" } },
      { at: timedOut, event: { kind: "timed out" } },
    ].map((each) => ({ ...each, message }));
  }).filter(({ at }) => at !== undefined);
  events.sort((one, other) => one.at! - other.at!);
  for (const { at, event, message, carried } of events) {
    log.record({ ...event, message } as TraceEvent, at!, carried);
  }
  return log;
}
