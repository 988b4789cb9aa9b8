/**
 * What the inside of a process uses that a command of another folder starts with `Child`. A
 * process that imports this module prints nothing by itself.
 *
 * @module
 */

export { printTo } from "./_console.ts";
export { ignoreInterrupts, listen, post } from "./_parent.ts";
