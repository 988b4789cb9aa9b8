/**
 * Replaces the lab's `client.ts` and `server.ts` in the judge, which never runs a submission in its
 * own realm.
 *
 * @module
 */

export {};
