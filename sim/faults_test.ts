import { assert, assertEquals } from "@std/assert";
import {
  type Conditions,
  decideFate,
  type Fate,
  LONG_REORDERING_MS_MAX,
  LONG_REORDERING_MS_MIN,
  LONG_REORDERING_PROBABILITY,
  REPLY_DROP_PROBABILITY,
  REQUEST_DROP_PROBABILITY,
  TRANSIT_MS_MAX,
  TRANSIT_MS_MIN,
  UNREACHABLE_LONG_MS_MAX,
  UNREACHABLE_MS_MAX,
  UNRELIABLE_REQUEST_DELAY_MS_MAX,
} from "./faults.ts";
import { Random } from "./random.ts";

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
function assertFills(numbers: number[], min: number, max: number): void {
  const margin = (max - min) / 100;
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

Deno.test("decideFate() loses nothing and takes the transit time, when reliable", () => {
  const fates = fatesUnder({});
  assert(fates.every((fate) => !fate.requestDropped && !fate.replyDropped));
  assertFills(fates.map((fate) => fate.requestDelayMs), TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  assertFills(fates.map((fate) => fate.replyDelayMs), TRANSIT_MS_MIN, TRANSIT_MS_MAX);
  assertFills(fates.map((fate) => fate.unreachableAfterMs), 0, UNREACHABLE_MS_MAX);
});

Deno.test("decideFate() takes no time, when instant", () => {
  for (const fate of fatesUnder({ instant: true })) {
    assertEquals([fate.requestDelayMs, fate.replyDelayMs], [0, 0]);
  }
});

Deno.test("decideFate() loses and holds back what it should, when unreliable", () => {
  const fates = fatesUnder({ reliable: false, instant: true });
  assertShare(fates.filter((fate) => fate.requestDropped).length, REQUEST_DROP_PROBABILITY);
  assertShare(fates.filter((fate) => fate.replyDropped).length, REPLY_DROP_PROBABILITY);
  assertFills(fates.map((fate) => fate.requestDelayMs), 0, UNRELIABLE_REQUEST_DELAY_MS_MAX);
  assert(fates.every((fate) => fate.replyDelayMs === 0));
});

Deno.test("decideFate() loses requests and replies independently, when unreliable", () => {
  const both = fatesUnder({ reliable: false })
    .filter((fate) => fate.requestDropped && fate.replyDropped);
  assertShare(both.length, REQUEST_DROP_PROBABILITY * REPLY_DROP_PROBABILITY);
});

Deno.test("decideFate() adds the transit time, when unreliable and not instant", () => {
  const random = [new Random(11), new Random(11)] as const;
  for (let call = 0; call < 100; call++) {
    const held = decideFate({ ...RELIABLE, reliable: false, instant: true }, random[0]);
    const whole = decideFate({ ...RELIABLE, reliable: false }, random[1]);
    const transitMs = whole.requestDelayMs - held.requestDelayMs;
    assert(transitMs > TRANSIT_MS_MIN - 1e-9 && transitMs < TRANSIT_MS_MAX + 1e-9);
  }
});

Deno.test("decideFate() holds back two replies in three, when reordering for long", () => {
  const fates = fatesUnder({ longReordering: true, instant: true });
  const delaysMs = fates.map((fate) => fate.replyDelayMs).filter((delayMs) => delayMs > 0);
  assertShare(delaysMs.length, LONG_REORDERING_PROBABILITY);
  assertFills(delaysMs, LONG_REORDERING_MS_MIN, LONG_REORDERING_MS_MAX);
  assert(fates.every((fate) => fate.requestDelayMs === 0 && !fate.replyDropped));
});

Deno.test("decideFate() lets unreachable calls take long to fail, when delays are long", () => {
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
