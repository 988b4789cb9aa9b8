/**
 * The faults of the network: every number by name, and one pure decision per call.
 *
 * The numbers are those of the original lab (`labrpc.go` of MIT 6.5840), with three
 * exceptions: there the caller sets the timeout, a message on a reliable network takes
 * no time, and among long delays the short ones are likelier.
 *
 * The hostile network goes beyond the original. If it is reliable, every call is still
 * answered before its caller times out, even if servers ask each other on the way. But
 * each direction of each link has its own delay, and requests are duplicated, with the
 * duplicate soon or seconds later. If it is unreliable, requests may also be that late,
 * replies are delayed, and the clerks cannot reach a server for moments. No fault lasts
 * forever, so that retries get through in the end.
 *
 * @module
 */

import type { Random } from "../sim/random.ts";

/** The time for which a caller waits for a reply. */
export const RPC_TIMEOUT_MS = 100;

/** The shortest and the longest time, in milliseconds. */
type RangeMs = readonly [min: number, max: number];

/** The time of a message on a simulated network, so that operations overlap. On the real clock, a
 * message takes no time. */
export const TRANSIT_MS: RangeMs = [0.1, 1];

/** The extra delay of a request on an unreliable network. */
const REQUEST_DELAY_MS: RangeMs = [0, 26];
/** The share of requests that an unreliable network loses. */
const REQUEST_DROP_PROBABILITY = 0.1;
/** The share of replies that it loses. */
const REPLY_DROP_PROBABILITY = 0.1;

/** The share of replies that long reordering delays. */
const LONG_REORDERING_PROBABILITY = 2 / 3;
/** The extra delay of such a reply. */
export const LONG_REORDERING_MS: RangeMs = [200, 2200];

/** The longest time after which a call that reaches no server fails. */
const UNREACHABLE_MS_MAX = 100;
/** The same with long delays. */
const UNREACHABLE_LONG_MS_MAX = 7000;

/** The extra delay of each direction of a link of a hostile network. With it, a call within a call
 * within a call still ends before the first times out. */
export const HOSTILE_LAG_MS: RangeMs = [0, 11];
/** The extra delay of a single message. */
export const HOSTILE_JITTER_MS: RangeMs = [0, 4];
/** The share of requests that are duplicated. */
export const HOSTILE_DUPLICATE_PROBABILITY = 0.15;
/** The share of the duplicates that are as late as late requests. */
export const HOSTILE_DUPLICATE_LATE_PROBABILITY = 0.5;
/** The delay of the other duplicates, which may arrive before the original. */
export const HOSTILE_DUPLICATE_SOON_MS: RangeMs = [0, 40];
/** The share of requests that arrive after their caller timed out, if the network is also
 * unreliable. */
export const HOSTILE_LATE_PROBABILITY = 0.08;
/** The delay of such a request. Short delays are likelier than long ones. */
export const HOSTILE_LATE_MS: RangeMs = [RPC_TIMEOUT_MS, 5000];
/** The share of replies that are delayed as by long reordering, if the network is also
 * unreliable. */
export const HOSTILE_REORDERING_PROBABILITY = 0.15;

/** The clerks lose a flapping server at most once in this time. */
export const FLAP_PERIOD_MS = 1000;
/** The share of these periods in which they lose it. */
export const FLAP_PROBABILITY = 0.4;
/** The time for which they lose it. */
export const FLAP_MS: RangeMs = [10, 300];

/** The state of a network. */
export interface Conditions {
  /** Messages are neither lost nor delayed. */
  reliable: boolean;
  /** Most replies are delayed for a long time. */
  longReordering: boolean;
  /** Calls that reach no server take long to fail. */
  longDelays: boolean;
  /** Messages take no time of their own. */
  instant: boolean;
}

/** The fate of one request and of its reply. */
export interface Delivery {
  /** The time that the request travels. */
  requestDelayMs: number;
  /** True if the request is lost. */
  requestDropped: boolean;
  /** The time that the reply travels. */
  replyDelayMs: number;
  /** True if the reply is lost. */
  replyDropped: boolean;
  /** True if a lost message is lost when it would arrive, and not when it is sent. */
  lostOnArrival?: boolean;
}

/** The outcome that the network has decided for one call. */
export interface Fate extends Delivery {
  /** The fate of a duplicate of the request, if the network makes one. */
  duplicate: Delivery | undefined;
  /** The time after which the call fails if it reaches no server. */
  unreachableAfterMs: number;
}

/** Decides the fate of the next call. The number of draws never depends on the conditions, so that
 * an end's n-th call does not depend on the conditions of earlier calls.
 *
 * @param conditions The state of the network when the call is made.
 * @param random The stream of the calling end.
 */
export function decideFate(conditions: Conditions, random: Random): Fate {
  const requestTransit = random.between(...TRANSIT_MS);
  const requestDelay = random.between(...REQUEST_DELAY_MS);
  const requestLost = random.chance(REQUEST_DROP_PROBABILITY);
  const replyTransit = random.between(...TRANSIT_MS);
  const replyLost = random.chance(REPLY_DROP_PROBABILITY);
  const reordered = random.chance(LONG_REORDERING_PROBABILITY);
  const replyDelay = random.between(...LONG_REORDERING_MS);
  const unreachable = random.next();

  const transit = conditions.instant ? 0 : 1;
  return {
    requestDelayMs: requestTransit * transit + (conditions.reliable ? 0 : requestDelay),
    requestDropped: !conditions.reliable && requestLost,
    replyDelayMs: replyTransit * transit +
      (conditions.longReordering && reordered ? replyDelay : 0),
    replyDropped: !conditions.reliable && replyLost,
    duplicate: undefined,
    unreachableAfterMs: unreachable *
      (conditions.longDelays ? UNREACHABLE_LONG_MS_MAX : UNREACHABLE_MS_MAX),
  };
}

/** The extra delay of each direction of a link. */
export interface Lag {
  requestMs: number;
  replyMs: number;
}

/** Decides the lag of a link of a hostile network.
 *
 * @param random The link's stream. */
export function decideLag(random: Random): Lag {
  return {
    requestMs: random.between(...HOSTILE_LAG_MS),
    replyMs: random.between(...HOSTILE_LAG_MS),
  };
}

/** Decides the fate of a call on a hostile network, always with the same number of draws.
 *
 * @param fate Its fate on a network that is not hostile.
 * @param conditions The state of the network when the call is made.
 * @param lag The lag of the link.
 * @param random A stream of the link for this purpose only.
 */
export function decideHostileFate(
  fate: Fate,
  { reliable }: Conditions,
  lag: Lag,
  random: Random,
): Fate {
  const requestJitterMs = random.between(...HOSTILE_JITTER_MS);
  const replyJitterMs = random.between(...HOSTILE_JITTER_MS);
  const late = random.chance(HOSTILE_LATE_PROBABILITY);
  const lateMs = drawLateMs(random);
  const reordered = random.chance(HOSTILE_REORDERING_PROBABILITY);
  const reorderedMs = random.between(...LONG_REORDERING_MS);
  const duplicated = random.chance(HOSTILE_DUPLICATE_PROBABILITY);
  const duplicateLate = random.chance(HOSTILE_DUPLICATE_LATE_PROBABILITY);
  const duplicateSoonMs = random.between(...HOSTILE_DUPLICATE_SOON_MS);
  const duplicateLateMs = drawLateMs(random);

  const requestDelayMs = fate.requestDelayMs + lag.requestMs + requestJitterMs;
  const replyDelayMs = fate.replyDelayMs + lag.replyMs + replyJitterMs;
  const duplicate: Delivery = {
    requestDelayMs: duplicateLate ? duplicateLateMs : lag.requestMs + duplicateSoonMs,
    requestDropped: false,
    replyDelayMs,
    replyDropped: false,
  };
  return {
    ...fate,
    requestDelayMs: !reliable && late ? lateMs : requestDelayMs,
    replyDelayMs: replyDelayMs + (!reliable && reordered ? reorderedMs : 0),
    duplicate: duplicated ? duplicate : undefined,
  };
}

function drawLateMs(random: Random): number {
  const share = random.next();
  // Math.pow may round differently on other machines.
  const [minMs, maxMs] = HOSTILE_LATE_MS;
  return minMs + (maxMs - minMs) * share * share * share;
}

/** A moment in which no clerk can reach a server. */
export interface Flap {
  startMs: number;
  endMs: number;
}

/** Decides the moment of one period in which no clerk can reach a server, if any.
 *
 * @param period The number of the {@linkcode FLAP_PERIOD_MS}, from 0.
 * @param random The server's stream. Nothing is drawn from it, so that repeated calls return
 * the same moment.
 */
export function decideFlap(period: number, random: Random): Flap | undefined {
  const own = random.child(`period ${period}`);
  if (!own.chance(FLAP_PROBABILITY)) return undefined;
  const lengthMs = own.between(...FLAP_MS);
  const startMs = period * FLAP_PERIOD_MS + own.between(0, FLAP_PERIOD_MS - lengthMs);
  return { startMs, endMs: startMs + lengthMs };
}
