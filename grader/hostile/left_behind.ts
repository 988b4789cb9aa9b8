/**
 * What a clerk may leave to the next clerk that has its context: in the next run, that is
 * the clerk with the same number.
 *
 * @module
 */

/** Something that a clerk leaves. */
export interface Leftover {
  /** The thing that it leaves, in words. */
  leaves: string;
  /** Statements that leave it. */
  leave: string;
  /** An expression that is true if it is there. */
  find: string;
}

const property = (place: string): Leftover => ({
  leaves: `a property of ${place}`,
  leave: `${place}.left = true;`,
  find: `${place}.left === true`,
});

/** All of them. They are found by clerks that share a realm. */
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
    leaves: "a global object that takes no more properties",
    leave: "Object.preventExtensions(globalThis);",
    find: "!Object.isExtensible(globalThis)",
  },
  {
    leaves: "a text in the last match",
    leave: "/left/.exec('left');",
    find: "RegExp.lastMatch === 'left'",
  },
  {
    leaves: "a limit of stack traces",
    leave: "Error.stackTraceLimit = 77;",
    find: "Error.stackTraceLimit === 77",
  },
  {
    leaves: "other chance",
    leave: "Math.random = () => 0.77;",
    find: "Math.random() === 0.77",
  },
  {
    leaves: "another Map",
    leave: "globalThis.Map = class Left extends Map {};",
    find: "Map.name === 'Left'",
  },
  {
    leaves: "a constructor of dates",
    leave: "Date.prototype.constructor = class Left extends Date {};",
    find: "new Date().constructor.name === 'Left'",
  },
  {
    leaves: "another setting of zod",
    leave: "z.config({ customError: () => 'left' });",
    find: "z.config().customError?.() === 'left'",
  },
];

/** Code that goes on by itself: what `tell` prints must come to an end with the run. */
export const GOES_ON: Record<string, string> = {
  "timers": "setInterval(tell, 7);",
  "calls that follow each other":
    "const again = () => link.call('KVServer.get', { key: '0' }).finally(() => { tell(); again(); });\nagain();",
};
