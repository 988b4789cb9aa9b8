/**
 * The limits of what a person can choose on the page. The server refuses more.
 *
 * @module
 */

/** The largest cluster, and the longest texts in characters. */
export const LIMITS = { servers: 5, replicas: 3, clerks: 5, text: 2000, name: 60 } as const;
