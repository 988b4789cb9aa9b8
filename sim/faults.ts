/**
 * What the network does to messages: every number of it, by name, and one pure
 * decision per message.
 *
 * The numbers are those of the original lab (`labrpc.go` of MIT 6.5840), but for
 * three: there the timeout belongs to the caller, a message on a reliable network
 * takes no time, and short long delays are likelier than long ones.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** How long a caller waits for a reply. */
export const RPC_TIMEOUT_MS = 100;

/** A message takes a little time on a simulated reliable network, so that
 * operations overlap. On the real clock it takes none. */
export const TRANSIT_MS_MIN = 0.1;
/** @see {@linkcode TRANSIT_MS_MIN} */
export const TRANSIT_MS_MAX = 1;

/** An unreliable network holds each request back for up to this long. */
export const UNRELIABLE_REQUEST_DELAY_MS_MAX = 26;
/** The share of requests that an unreliable network loses. */
export const REQUEST_DROP_PROBABILITY = 0.1;
/** The share of replies that an unreliable network loses. */
export const REPLY_DROP_PROBABILITY = 0.1;

/** The share of replies that long reordering holds back. */
export const LONG_REORDERING_PROBABILITY = 2 / 3;
/** How long it holds them back at least. */
export const LONG_REORDERING_MS_MIN = 200;
/** How long it holds them back at most. */
export const LONG_REORDERING_MS_MAX = 2200;

/** A call that reaches no server fails after up to this long. */
export const UNREACHABLE_MS_MAX = 100;
/** The same with long delays. */
export const UNREACHABLE_LONG_MS_MAX = 7000;

/** The state of a network. */
export interface Conditions {
  /** Messages are neither lost nor held back. */
  reliable: boolean;
  /** Most replies are held back for a long time. */
  longReordering: boolean;
  /** Calls that reach no server take long to fail. */
  longDelays: boolean;
  /** Messages take no time of their own. */
  instant: boolean;
}

/** What happens to one call. */
export interface Fate {
  /** How long the request travels. */
  requestDelayMs: number;
  /** Whether the request is lost. */
  requestDropped: boolean;
  /** How long the reply travels. */
  replyDelayMs: number;
  /** Whether the reply is lost. */
  replyDropped: boolean;
  /** When the call fails if it reaches no server. */
  unreachableAfterMs: number;
}

/** Decides what happens to the next call.
 *
 * The number of draws is the same whatever the conditions, so that the fate of
 * an end's n-th call does not depend on what its earlier calls met.
 *
 * @param conditions The state of the network as the call is made.
 * @param random The stream of the end that calls.
 */
export function decideFate(conditions: Conditions, random: Random): Fate {
  const requestTransit = random.between(TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  const requestHeldBack = random.between(0, UNRELIABLE_REQUEST_DELAY_MS_MAX);
  const requestLost = random.chance(REQUEST_DROP_PROBABILITY);
  const replyTransit = random.between(TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  const replyLost = random.chance(REPLY_DROP_PROBABILITY);
  const reordered = random.chance(LONG_REORDERING_PROBABILITY);
  const replyHeldBack = random.between(
    LONG_REORDERING_MS_MIN,
    LONG_REORDERING_MS_MAX,
  );
  const unreachable = random.next();

  const transit = conditions.instant ? 0 : 1;
  return {
    requestDelayMs: requestTransit * transit +
      (conditions.reliable ? 0 : requestHeldBack),
    requestDropped: !conditions.reliable && requestLost,
    replyDelayMs: replyTransit * transit +
      (conditions.longReordering && reordered ? replyHeldBack : 0),
    replyDropped: !conditions.reliable && replyLost,
    unreachableAfterMs: unreachable *
      (conditions.longDelays ? UNREACHABLE_LONG_MS_MAX : UNREACHABLE_MS_MAX),
  };
}
