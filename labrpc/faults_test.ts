import { assert, assertEquals } from "@std/assert";
import * as faults from "./faults.ts";
import { type Conditions, decideFate, decideFlap, decideHostileFate, decideLag } from "./faults.ts";
import { Random } from "../sim/random.ts";

// `losses_test.ts` and `hostile_test.ts` show the effects on callers.

const FATES = 10_000;

const RELIABLE: Conditions = {
  reliable: true,
  longReordering: false,
  longDelays: false,
  instant: false,
};
const NO_LAG = { requestMs: 0, replyMs: 0 };
const UNRELIABLE = { ...RELIABLE, reliable: false };

/** Decides many times. */
function decided<T>(decide: (random: Random) => T, seed = 11): T[] {
  const random = new Random(seed);
  return Array.from({ length: FATES }, () => decide(random));
}

/** Checks that numbers lie within a range and come near both of its ends. */
function assertFills(
  numbers: number[],
  [min, max]: readonly [number, number],
  marginShare = 0.01,
): void {
  const margin = (max - min) * marginShare;
  for (const number of numbers) assert(number >= min && number < max, `${number} is out of range`);
  assert(Math.min(...numbers) < min + margin, `nothing is near ${min}`);
  assert(Math.max(...numbers) > max - margin, `nothing is near ${max}`);
}

/** Checks a share of all fates within 3 sigma. */
function assertShare({ length }: unknown[], probability: number): void {
  const sigma = Math.sqrt(FATES * probability * (1 - probability));
  assert(Math.abs(length - FATES * probability) < 3 * sigma, `${length} of ${FATES}`);
}

Deno.test("the number of draws for a fate does not depend on the conditions", () => {
  const nextDraws = (["reliable", "longReordering", "longDelays", "instant"] as const)
    .flatMap((condition) => [true, false].map((yes) => ({ ...RELIABLE, [condition]: yes })))
    .map((conditions) => {
      const random = new Random(11);
      decideHostileFate(decideFate(conditions, random), conditions, NO_LAG, random);
      return random.bits();
    });
  assertEquals(new Set(nextDraws).size, 1);
});

const IDEAL = {
  ...{ requestDelayMs: 0, requestDropped: false, replyDelayMs: 0, replyDropped: false },
  ...{ duplicate: undefined, unreachableAfterMs: 7 },
};

/** Returns what a hostile network makes of fates in which nothing is lost or takes time. */
function worsened(conditions: Conditions) {
  return decided((random) => decideHostileFate(IDEAL, conditions, NO_LAG, random), 12);
}

Deno.test("decideHostileFate() lets a call within a call within a call end in time when reliable", () => {
  const fates = worsened(RELIABLE);
  assertFills(fates.map((fate) => fate.requestDelayMs), faults.HOSTILE_JITTER_MS);
  assertFills(fates.map((fate) => fate.replyDelayMs), faults.HOSTILE_JITTER_MS);
  assert(fates.every((fate) => !fate.requestDropped && !fate.replyDropped));
  const { TRANSIT_MS, HOSTILE_LAG_MS, HOSTILE_JITTER_MS } = faults;
  const oneWayMsMax = TRANSIT_MS[1] + HOSTILE_LAG_MS[1] + HOSTILE_JITTER_MS[1];
  assert(3 * 2 * oneWayMsMax < faults.RPC_TIMEOUT_MS);
});

Deno.test("decideHostileFate() duplicates requests, soon or late, whatever the conditions", () => {
  const { HOSTILE_DUPLICATE_PROBABILITY: share, HOSTILE_DUPLICATE_LATE_PROBABILITY } = faults;
  for (const conditions of [RELIABLE, UNRELIABLE]) {
    const duplicates = worsened(conditions).flatMap(({ duplicate }) => duplicate ?? []);
    assertShare(duplicates, share);
    assert(duplicates.every((each) => !each.requestDropped && !each.replyDropped));
    const delaysMs = duplicates.map(({ requestDelayMs }) => requestDelayMs);
    const lateMs = delaysMs.filter((delayMs) => delayMs >= faults.HOSTILE_LATE_MS[0]);
    assertShare(lateMs, share * HOSTILE_DUPLICATE_LATE_PROBABILITY);
    assertFills(lateMs, faults.HOSTILE_LATE_MS, 0.1);
    const soonMs = delaysMs.filter((delayMs) => delayMs < faults.HOSTILE_LATE_MS[0]);
    assertFills(soonMs, faults.HOSTILE_DUPLICATE_SOON_MS);
  }
});

Deno.test("decideHostileFate() delays requests and replies past the timeout when unreliable", () => {
  const fates = worsened(UNRELIABLE);
  const late = fates.filter((fate) => fate.requestDelayMs >= faults.HOSTILE_LATE_MS[0]);
  assertShare(late, faults.HOSTILE_LATE_PROBABILITY);
  assert(late.every((fate) => fate.requestDelayMs < faults.HOSTILE_LATE_MS[1]));
  const heldBack = fates.filter((fate) => fate.replyDelayMs >= faults.LONG_REORDERING_MS[0]);
  assertShare(heldBack, faults.HOSTILE_REORDERING_PROBABILITY);
});

Deno.test("decideHostileFate() keeps the losses of a fate and adds to its delays", () => {
  const random = new Random(14);
  for (const fate of decided((random) => decideFate(UNRELIABLE, random)).slice(0, 100)) {
    const worse = decideHostileFate(fate, UNRELIABLE, { requestMs: 5, replyMs: 9 }, random);
    const { requestDropped, replyDropped, unreachableAfterMs } = fate;
    assertEquals({ ...worse, requestDropped, replyDropped, unreachableAfterMs }, worse);
    assert(worse.requestDelayMs >= fate.requestDelayMs + 5);
    assert(worse.replyDelayMs >= fate.replyDelayMs + 9);
  }
});

Deno.test("decideLag() makes the two directions of a link differ", () => {
  const lags = decided(decideLag);
  assertFills(lags.map(({ requestMs }) => requestMs), faults.HOSTILE_LAG_MS);
  assertFills(lags.map(({ replyMs }) => replyMs), faults.HOSTILE_LAG_MS);
  assert(lags.some(({ requestMs, replyMs }) => Math.abs(requestMs - replyMs) > 1));
});

Deno.test("decideFlap() decides the same for a period, whatever was decided before", () => {
  const { FLAP_PERIOD_MS: periodMs } = faults;
  const random = new Random(15);
  const periods = Array.from({ length: FATES }, (_, period) => decideFlap(period, random));
  assertEquals(decideFlap(7, random), periods[7]);
  const flaps = periods.flatMap((flap, period) => flap ? [{ ...flap, period }] : []);
  assertShare(flaps, faults.FLAP_PROBABILITY);
  for (const { period, startMs, endMs } of flaps) {
    assert(startMs >= period * periodMs && endMs <= (period + 1) * periodMs);
  }
  // A length is the difference of two numbers that may be large.
  const lengthsMs = flaps.map(({ startMs, endMs }) => Math.round((endMs - startMs) * 1e6) / 1e6);
  assertFills(lengthsMs, faults.FLAP_MS);
});
