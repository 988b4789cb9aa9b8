/**
 * Histories in one line each, for tests.
 *
 * @module
 */

import type { Operation } from "./history.ts";
import type { RegisterOperation } from "./models/register.ts";

/** Reads operations with their calls and returns: `put=a 0-1`, `get=a 2-3` which found "a",
 * `append=b:a 4-?` which found "a" and never returned, `cas=1:2:true 5-6`. The key is "k", or a
 * letter as in `put=x/a 0-1`. */
export function readHistory<Op extends Operation | RegisterOperation>(text: string): Op[] {
  return text.split(", ").filter((word) => word !== "").map((word, client) => {
    const [, op, fields, call, end] = word.match(/^(\w+)(?:=(\S*))? (\d+)-(\d+|\?)$/)!;
    const [key, rest] = fields?.match(/^(\w)\/(.*)/)?.slice(1) ?? ["k", fields];
    const values = rest?.split(":") ?? [];
    const times = { client, key, call: Number(call), return: end === "?" ? null : Number(end) };
    const [value, output] = op === "get" ? [undefined, values[0]] : values;
    const texts = {
      ...value === undefined ? {} : { value },
      ...output === undefined ? {} : { output },
    };
    if (!REGISTER.includes(op!)) return { op, ...times, ...texts } as Op;
    const [from, to, won] = values.map((each) => JSON.parse(each));
    if (op === "cas") {
      return { op, ...times, value: [from, to], ...won === undefined ? {} : { output: won } };
    }
    return { op, ...times, ...op === "read" ? { output: from } : { value: from } };
  }) as Op[];
}

const REGISTER = ["read", "write", "cas"];
