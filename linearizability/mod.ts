/**
 * Checks histories for linearizability: a history is linearizable if one object could have
 * executed every operation at some moment between its call and its return.
 *
 * - {@linkcode check} decides it, for any {@linkcode Model}; `search/` has the algorithms.
 * - {@linkcode kv}, {@linkcode register}, {@linkcode queue}, {@linkcode set},
 *   {@linkcode counter} and {@linkcode mutex} in `models/` are models.
 * - {@linkcode parseHistory} in `files/` reads files.
 * - {@linkcode explainParts} in `reason/` finds the operations that contradict each other.
 *
 * @module
 */

export * from "./check.ts";
export * from "./files/history_file.ts";
export * from "./files/overlap.ts";
export * from "./history.ts";
export * from "./model.ts";
export * from "./models/counter.ts";
export * from "./models/kv.ts";
export * from "./models/mutex.ts";
export * from "./models/queue.ts";
export * from "./models/register.ts";
export * from "./models/set.ts";
export * from "./pace.ts";
export * from "./printable.ts";
export * from "./reason/conflict.ts";
export * from "./reason/explain.ts";
export * from "./reason/reason.ts";
