/**
 * Changes that a clerk may leave in its context. In the next run, the clerk with the same number
 * gets that context.
 *
 * @module
 */

/** A change that outlives a run. */
export interface Leftover {
  /** The change in words. */
  leaves: string;
  /** Statements that make the change. */
  leave: string;
  /** An expression that is true after the change. */
  find: string;
}

const property = (place: string): Leftover => ({
  leaves: `a property of ${place}`,
  leave: `${place}.left = true;`,
  find: `${place}.left === true`,
});

/** All changes. Clerks that share a realm see them. */
export const LEFTOVERS: readonly Leftover[] = [
  property("globalThis"),
  property("(globalThis[Symbol.for('left')] ??= {})"),
  property("console"),
  property("setTimeout"),
  property("Date"),
  property("performance"),
  property("crypto.randomUUID"),
  property("structuredClone"),
  property("URL.prototype"),
  property("z.globalRegistry"),
  {
    leaves: "a global that cannot be deleted",
    leave: 'Object.defineProperty(globalThis, "left", { value: true });',
    find: "globalThis.left === true",
  },
  {
    leaves: "a global object that cannot get new properties",
    leave: "Object.preventExtensions(globalThis);",
    find: "!Object.isExtensible(globalThis)",
  },
  {
    leaves: "the text of the last match",
    leave: "/left/.exec('left');",
    find: "RegExp.lastMatch === 'left'",
  },
  {
    leaves: "a limit of stack traces",
    leave: "Error.stackTraceLimit = 77;",
    find: "Error.stackTraceLimit === 77",
  },
  {
    leaves: "a replaced Math.random",
    leave: "Math.random = () => 0.77;",
    find: "Math.random() === 0.77",
  },
  {
    leaves: "a replaced Map",
    leave: "globalThis.Map = class Left extends Map {};",
    find: "Map.name === 'Left'",
  },
  {
    leaves: "a replaced constructor of Date.prototype",
    leave: "Date.prototype.constructor = class Left extends Date {};",
    find: "new Date().constructor.name === 'Left'",
  },
  {
    leaves: "a setting of zod",
    leave: "z.config({ customError: () => 'left' });",
    find: "z.config().customError?.() === 'left'",
  },
];

/** Code that keeps running and calls `tell`, which prints a line. It must stop with the run. */
export const KEEPS_RUNNING: Record<string, string> = {
  "timers": "setInterval(tell, 7);",
  "calls that follow each other":
    "const again = () => link.call('KVServer.get', { key: '0' }).finally(() => { tell(); again(); });\nagain();",
};
