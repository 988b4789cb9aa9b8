/**
 * Checks histories for linearizability: a history is linearizable if one object could have
 * executed every operation at some moment between its call and its return.
 *
 * - {@linkcode check} decides it, for any {@linkcode Model}.
 * - {@linkcode kv}, {@linkcode register}, {@linkcode queue}, {@linkcode set},
 *   {@linkcode counter} and {@linkcode mutex} are models.
 * - {@linkcode parseHistory} reads files.
 * - {@linkcode reasonOf} says in one sentence why not.
 *
 * @module
 */

export * from "./check.ts";
export * from "./conflict.ts";
export * from "./counter.ts";
export * from "./explain.ts";
export * from "./history.ts";
export * from "./history_file.ts";
export * from "./kv.ts";
export * from "./model.ts";
export * from "./mutex.ts";
export * from "./overlap.ts";
export * from "./pace.ts";
export * from "./printable.ts";
export * from "./queue.ts";
export * from "./reason.ts";
export * from "./register.ts";
export * from "./set.ts";
