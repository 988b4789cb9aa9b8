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

/** The shortest time of a message on a simulated reliable network, so that operations
 * overlap. On the real clock, a message takes no time. */
export const TRANSIT_MS_MIN = 0.1;
/** The longest such time. */
export const TRANSIT_MS_MAX = 1;

/** The longest delay of a request on an unreliable network. */
export const UNRELIABLE_REQUEST_DELAY_MS_MAX = 26;
/** The share of requests that an unreliable network loses. */
export const REQUEST_DROP_PROBABILITY = 0.1;
/** The share of replies that an unreliable network loses. */
export const REPLY_DROP_PROBABILITY = 0.1;

/** The share of replies that long reordering delays. */
export const LONG_REORDERING_PROBABILITY = 2 / 3;
/** The shortest such delay. */
export const LONG_REORDERING_MS_MIN = 200;
/** The longest such delay. */
export const LONG_REORDERING_MS_MAX = 2200;

/** The longest time after which a call that reaches no server fails. */
export const UNREACHABLE_MS_MAX = 100;
/** The same with long delays. */
export const UNREACHABLE_LONG_MS_MAX = 7000;

/** The longest extra delay of each direction of a link of a hostile network. With it, a call
 * within a call within a call still ends before the first times out. */
export const HOSTILE_LAG_MS_MAX = 11;
/** The longest extra delay of a single message. */
export const HOSTILE_JITTER_MS_MAX = 4;
/** The share of requests that are duplicated. */
export const HOSTILE_DUPLICATE_PROBABILITY = 0.15;
/** The share of the duplicates that are as late as late requests. */
export const HOSTILE_DUPLICATE_LATE_PROBABILITY = 0.5;
/** The longest delay of the other duplicates, which may arrive before the original. */
export const HOSTILE_DUPLICATE_SOON_MS_MAX = 40;
/** The share of requests that arrive after their caller timed out, if the network is also
 * unreliable. */
export const HOSTILE_LATE_PROBABILITY = 0.08;
/** The shortest delay of such a request. Short delays are likelier than long ones. */
export const HOSTILE_LATE_MS_MIN = RPC_TIMEOUT_MS;
/** The longest delay of such a request. */
export const HOSTILE_LATE_MS_MAX = 5000;
/** The share of replies that are delayed as by long reordering, if the network is also
 * unreliable. */
export const HOSTILE_REORDERING_PROBABILITY = 0.15;

/** The clerks lose a flapping server at most once in this time. */
export const FLAP_PERIOD_MS = 1000;
/** The share of these periods in which they lose it. */
export const FLAP_PROBABILITY = 0.4;
/** The shortest time for which they lose it. */
export const FLAP_MS_MIN = 10;
/** The longest time for which they lose it. */
export const FLAP_MS_MAX = 300;

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
  const requestTransit = random.between(TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  const requestHeldBack = random.between(0, UNRELIABLE_REQUEST_DELAY_MS_MAX);
  const requestLost = random.chance(REQUEST_DROP_PROBABILITY);
  const replyTransit = random.between(TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  const replyLost = random.chance(REPLY_DROP_PROBABILITY);
  const reordered = random.chance(LONG_REORDERING_PROBABILITY);
  const replyHeldBack = random.between(LONG_REORDERING_MS_MIN, LONG_REORDERING_MS_MAX);
  const unreachable = random.next();

  const transit = conditions.instant ? 0 : 1;
  return {
    requestDelayMs: requestTransit * transit + (conditions.reliable ? 0 : requestHeldBack),
    requestDropped: !conditions.reliable && requestLost,
    replyDelayMs: replyTransit * transit +
      (conditions.longReordering && reordered ? replyHeldBack : 0),
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
    requestMs: random.between(0, HOSTILE_LAG_MS_MAX),
    replyMs: random.between(0, HOSTILE_LAG_MS_MAX),
  };
}

/** Decides the fate of a call on a hostile network, always with the same number of draws.
 *
 * @param fate Its fate on a network that is not hostile.
 * @param conditions The state of the network when the call is made.
 * @param lag The lag of the link.
 * @param random A stream of the link for this purpose only.
 */
export function worsenFate(fate: Fate, { reliable }: Conditions, lag: Lag, random: Random): Fate {
  const requestJitterMs = random.between(0, HOSTILE_JITTER_MS_MAX);
  const replyJitterMs = random.between(0, HOSTILE_JITTER_MS_MAX);
  const late = random.chance(HOSTILE_LATE_PROBABILITY);
  const lateMs = drawLateMs(random);
  const reordered = random.chance(HOSTILE_REORDERING_PROBABILITY);
  const heldBackMs = random.between(LONG_REORDERING_MS_MIN, LONG_REORDERING_MS_MAX);
  const duplicated = random.chance(HOSTILE_DUPLICATE_PROBABILITY);
  const duplicateLate = random.chance(HOSTILE_DUPLICATE_LATE_PROBABILITY);
  const duplicateSoonMs = random.between(0, HOSTILE_DUPLICATE_SOON_MS_MAX);
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
    replyDelayMs: replyDelayMs + (!reliable && reordered ? heldBackMs : 0),
    duplicate: duplicated ? duplicate : undefined,
  };
}

function drawLateMs(random: Random): number {
  const share = random.next();
  // Math.pow may round differently on other machines.
  return HOSTILE_LATE_MS_MIN + (HOSTILE_LATE_MS_MAX - HOSTILE_LATE_MS_MIN) * share * share * share;
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
  const lengthMs = own.between(FLAP_MS_MIN, FLAP_MS_MAX);
  const startMs = period * FLAP_PERIOD_MS + own.between(0, FLAP_PERIOD_MS - lengthMs);
  return { startMs, endMs: startMs + lengthMs };
}
