/**
 * Maps positions in a bundle to positions in the student's files.
 *
 * @module
 */

import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Bundle } from "./bundle.ts";

/** The names of a submission's two scripts in a stack. */
export const SCRIPT_NAMES = { client: "kvlab:client", server: "kvlab:server" } as const;

const PLACE = /kvlab:(client|server):(\d+):(\d+)/g;

/** Maps the positions in a stack.
 *
 * @returns The stack with positions such as `file:///server.ts:7:3`.
 */
export function originalStack(stack: string, bundle: Bundle): string {
  return stack.replaceAll(PLACE, (place, script: "client" | "server", line, column) => {
    // The first line of the bundle is the second of the script.
    const needle = { line: Number(line) - 1, column: Number(column) - 1 };
    const found = originalPositionFor(new TraceMap(bundle[script].map), needle);
    const file = found.source === null ? undefined : /\b(?:client|server)\.ts$/.exec(found.source);
    if (!file) return place;
    return `file:///${file[0]}:${found.line}:${found.column! + 1}`;
  });
}

/** Maps a line of a script.
 *
 * @param script The name of the script.
 * @param line The number of the line, from 1.
 * @returns For example `"server.ts:7"`; `undefined` for code that is not the student's.
 */
export function originalLine(script: string, line: number, bundle: Bundle): string | undefined {
  const [module] = (["client", "server"] as const).filter((each) => SCRIPT_NAMES[each] === script);
  if (module === undefined) return undefined;
  // The first line of the bundle is the second of the script.
  const needle = { line: line - 1, column: 0, bias: LEAST_UPPER_BOUND } as const;
  const found = originalPositionFor(new TraceMap(bundle[module].map), needle);
  const file = found.source === null ? undefined : /\b(?:client|server)\.ts$/.exec(found.source);
  return file ? `${file[0]}:${found.line}` : undefined;
}
