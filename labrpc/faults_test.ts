import { assert, assertEquals } from "@std/assert";
import {
  type Conditions,
  decideFate,
  decideFlap,
  decideLag,
  type Fate,
  FLAP_MS_MAX,
  FLAP_MS_MIN,
  FLAP_PERIOD_MS,
  FLAP_PROBABILITY,
  HOSTILE_DUPLICATE_LATE_PROBABILITY,
  HOSTILE_DUPLICATE_PROBABILITY,
  HOSTILE_DUPLICATE_SOON_MS_MAX,
  HOSTILE_JITTER_MS_MAX,
  HOSTILE_LAG_MS_MAX,
  HOSTILE_LATE_MS_MAX,
  HOSTILE_LATE_MS_MIN,
  HOSTILE_LATE_PROBABILITY,
  HOSTILE_REORDERING_PROBABILITY,
  type Lag,
  LONG_REORDERING_MS_MAX,
  LONG_REORDERING_MS_MIN,
  LONG_REORDERING_PROBABILITY,
  REPLY_DROP_PROBABILITY,
  REQUEST_DROP_PROBABILITY,
  RPC_TIMEOUT_MS,
  TRANSIT_MS_MAX,
  TRANSIT_MS_MIN,
  UNREACHABLE_LONG_MS_MAX,
  UNREACHABLE_MS_MAX,
  UNRELIABLE_REQUEST_DELAY_MS_MAX,
  worsenFate,
} from "./faults.ts";
import { Random } from "../sim/random.ts";

const FATES = 10_000;

const RELIABLE: Conditions = {
  reliable: true,
  longReordering: false,
  longDelays: false,
  instant: false,
};

/** The fates of many calls under conditions that differ from the reliable ones. */
function fatesUnder(conditions: Partial<Conditions>): Fate[] {
  const random = new Random(11);
  return Array.from({ length: FATES }, () => decideFate({ ...RELIABLE, ...conditions }, random));
}

/** Numbers lie in a range, and come near to both of its ends. */
function assertFills(numbers: number[], min: number, max: number, marginShare = 0.01): void {
  const margin = (max - min) * marginShare;
  for (const number of numbers) assert(number >= min && number < max, `${number} is out of range`);
  assert(Math.min(...numbers) < min + margin, `nothing is near ${min}`);
  assert(Math.max(...numbers) > max - margin, `nothing is near ${max}`);
}

/** A share of all fates is what it should be, within 3 sigma. */
function assertShare(hits: number, probability: number): void {
  const sigma = Math.sqrt(FATES * probability * (1 - probability));
  assert(Math.abs(hits - FATES * probability) < 3 * sigma, `${hits} of ${FATES}`);
}

Deno.test("decideFate() draws as many numbers, whatever the conditions", () => {
  const nextDraws = new Set<number>();
  for (let bits = 0; bits < 16; bits++) {
    const random = new Random(11);
    const [reliable, longReordering, longDelays, instant] = [1, 2, 4, 8].map((bit) => {
      return (bits & bit) !== 0;
    }) as [boolean, boolean, boolean, boolean];
    for (let call = 0; call < 20; call++) {
      decideFate({ reliable, longReordering, longDelays, instant }, random);
    }
    nextDraws.add(random.bits());
  }
  assertEquals(nextDraws.size, 1);
});

Deno.test("decideFate() loses nothing and takes the transit time when reliable", () => {
  const fates = fatesUnder({});
  assert(fates.every((fate) => !fate.requestDropped && !fate.replyDropped));
  assertFills(fates.map((fate) => fate.requestDelayMs), TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  assertFills(fates.map((fate) => fate.replyDelayMs), TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  assertFills(fates.map((fate) => fate.unreachableAfterMs), 0, UNREACHABLE_MS_MAX);
});

Deno.test("decideFate() takes no time when instant", () => {
  for (const fate of fatesUnder({ instant: true })) {
    assertEquals([fate.requestDelayMs, fate.replyDelayMs], [0, 0]);
  }
});

Deno.test("decideFate() loses and holds back what it should when unreliable", () => {
  const fates = fatesUnder({ reliable: false, instant: true });
  assertShare(fates.filter((fate) => fate.requestDropped).length, REQUEST_DROP_PROBABILITY);
  assertShare(fates.filter((fate) => fate.replyDropped).length, REPLY_DROP_PROBABILITY);
  assertFills(fates.map((fate) => fate.requestDelayMs), 0, UNRELIABLE_REQUEST_DELAY_MS_MAX);
  assert(fates.every((fate) => fate.replyDelayMs === 0));
});

Deno.test("decideFate() loses requests and replies independently when unreliable", () => {
  const both = fatesUnder({ reliable: false })
    .filter((fate) => fate.requestDropped && fate.replyDropped);
  assertShare(both.length, REQUEST_DROP_PROBABILITY * REPLY_DROP_PROBABILITY);
});

Deno.test("decideFate() adds the transit time when unreliable and not instant", () => {
  const random = [new Random(11), new Random(11)] as const;
  for (let call = 0; call < 100; call++) {
    const held = decideFate({ ...RELIABLE, reliable: false, instant: true }, random[0]);
    const whole = decideFate({ ...RELIABLE, reliable: false }, random[1]);
    const transitMs = whole.requestDelayMs - held.requestDelayMs;
    assert(transitMs > TRANSIT_MS_MIN - 1e-9 && transitMs < TRANSIT_MS_MAX + 1e-9);
  }
});

Deno.test("decideFate() holds back two replies in three when reordering for long", () => {
  const fates = fatesUnder({ longReordering: true, instant: true });
  const delaysMs = fates.map((fate) => fate.replyDelayMs).filter((delayMs) => delayMs > 0);
  assertShare(delaysMs.length, LONG_REORDERING_PROBABILITY);
  assertFills(delaysMs, LONG_REORDERING_MS_MIN, LONG_REORDERING_MS_MAX);
  assert(fates.every((fate) => fate.requestDelayMs === 0 && !fate.replyDropped));
});

Deno.test("decideFate() lets unreachable calls take long to fail when delays are long", () => {
  const fates = fatesUnder({ longDelays: true });
  assertFills(fates.map((fate) => fate.unreachableAfterMs), 0, UNREACHABLE_LONG_MS_MAX);
});

Deno.test("the numbers of the network are those of the original lab", () => {
  assertEquals(UNRELIABLE_REQUEST_DELAY_MS_MAX, 26);
  assertEquals([REQUEST_DROP_PROBABILITY, REPLY_DROP_PROBABILITY], [0.1, 0.1]);
  assertEquals(LONG_REORDERING_PROBABILITY, 2 / 3);
  assertEquals([LONG_REORDERING_MS_MIN, LONG_REORDERING_MS_MAX], [200, 2200]);
  assertEquals([UNREACHABLE_MS_MAX, UNREACHABLE_LONG_MS_MAX], [100, 7000]);
});

const NO_LAG: Lag = { requestMs: 0, replyMs: 0 };

/** What a hostile network makes of fates in which nothing is lost and nothing takes time. */
function worsenedFates(conditions: Partial<Conditions>, lag = NO_LAG): Fate[] {
  const random = new Random(12);
  const delivery = {
    requestDelayMs: 0,
    requestDropped: false,
    replyDelayMs: 0,
    replyDropped: false,
  };
  const fate: Fate = { ...delivery, duplicate: undefined, unreachableAfterMs: 7 };
  return Array.from({ length: FATES }, () => {
    return worsenFate(fate, { ...RELIABLE, ...conditions }, lag, random);
  });
}

Deno.test("worsenFate() draws as many numbers, whatever the conditions", () => {
  const nextDraws = new Set([true, false].map((reliable) => {
    const random = new Random(13);
    for (const fate of fatesUnder({ reliable }).slice(0, 20)) {
      worsenFate(fate, { ...RELIABLE, reliable }, NO_LAG, random);
    }
    return random.bits();
  }));
  assertEquals(nextDraws.size, 1);
});

Deno.test("worsenFate() leaves a call within a call within a call its time when reliable", () => {
  const fates = worsenedFates({});
  assertFills(fates.map((fate) => fate.requestDelayMs), 0, HOSTILE_JITTER_MS_MAX);
  assertFills(fates.map((fate) => fate.replyDelayMs), 0, HOSTILE_JITTER_MS_MAX);
  assert(fates.every((fate) => !fate.requestDropped && !fate.replyDropped));
  const oneWayMsMax = TRANSIT_MS_MAX + HOSTILE_LAG_MS_MAX + HOSTILE_JITTER_MS_MAX;
  assert(3 * 2 * oneWayMsMax < RPC_TIMEOUT_MS);
});

Deno.test("worsenFate() delivers requests again, at once or late when reliable or not", () => {
  for (const reliable of [true, false]) {
    const duplicates = worsenedFates({ reliable }).flatMap(({ duplicate }) => duplicate ?? []);
    assertShare(duplicates.length, HOSTILE_DUPLICATE_PROBABILITY);
    assert(duplicates.every((each) => !each.requestDropped && !each.replyDropped));
    const delaysMs = duplicates.map(({ requestDelayMs }) => requestDelayMs);
    const lateMs = delaysMs.filter((delayMs) => delayMs >= HOSTILE_LATE_MS_MIN);
    assertShare(lateMs.length, HOSTILE_DUPLICATE_PROBABILITY * HOSTILE_DUPLICATE_LATE_PROBABILITY);
    assertFills(lateMs, HOSTILE_LATE_MS_MIN, HOSTILE_LATE_MS_MAX, 0.1);
    const soonMs = delaysMs.filter((delayMs) => delayMs < HOSTILE_LATE_MS_MIN);
    assertFills(soonMs, 0, HOSTILE_DUPLICATE_SOON_MS_MAX);
  }
});

Deno.test("worsenFate() holds requests and replies back past the timeout when unreliable", () => {
  const fates = worsenedFates({ reliable: false });
  const lateMs = fates.map((fate) => fate.requestDelayMs)
    .filter((delayMs) => delayMs >= HOSTILE_LATE_MS_MIN);
  assertShare(lateMs.length, HOSTILE_LATE_PROBABILITY);
  assert(lateMs.every((delayMs) => delayMs < HOSTILE_LATE_MS_MAX));
  const heldBack = fates.filter((fate) => fate.replyDelayMs >= LONG_REORDERING_MS_MIN);
  assertShare(heldBack.length, HOSTILE_REORDERING_PROBABILITY);
});

Deno.test("worsenFate() adds what it does to what would happen", () => {
  const random = new Random(14);
  for (const fate of fatesUnder({ reliable: false }).slice(0, 100)) {
    const lag = { requestMs: 5, replyMs: 9 };
    const worse = worsenFate(fate, { ...RELIABLE, reliable: false }, lag, random);
    assertEquals(
      [worse.requestDropped, worse.replyDropped, worse.unreachableAfterMs],
      [fate.requestDropped, fate.replyDropped, fate.unreachableAfterMs],
    );
    assert(worse.requestDelayMs >= fate.requestDelayMs + 5);
    assert(worse.replyDelayMs >= fate.replyDelayMs + 9);
  }
});

Deno.test("decideLag() makes the two directions of a link differ", () => {
  const lags = Array.from({ length: FATES }, (_, i) => decideLag(new Random(i)));
  assertFills(lags.map(({ requestMs }) => requestMs), 0, HOSTILE_LAG_MS_MAX);
  assertFills(lags.map(({ replyMs }) => replyMs), 0, HOSTILE_LAG_MS_MAX);
  assert(lags.filter(({ requestMs, replyMs }) => Math.abs(requestMs - replyMs) > 1).length > 0);
});

Deno.test("decideFlap() decides the same about a period, whoever asked before", () => {
  const random = new Random(15);
  const flaps = Array.from({ length: FATES }, (_, period) => decideFlap(period, random));
  assertEquals(decideFlap(7, random), flaps[7]);
  assertShare(flaps.filter((flap) => flap !== undefined).length, FLAP_PROBABILITY);
  for (const [period, flap] of flaps.entries()) {
    if (flap === undefined) continue;
    assert(flap.startMs >= period * FLAP_PERIOD_MS && flap.endMs <= (period + 1) * FLAP_PERIOD_MS);
  }
  const lengthsMs = flaps.flatMap((flap) => flap ? [flap.endMs - flap.startMs] : []);
  // A length is the difference of two numbers that may be large.
  assertFills(lengthsMs.map((ms) => Math.round(ms * 1e6) / 1e6), FLAP_MS_MIN, FLAP_MS_MAX);
});
