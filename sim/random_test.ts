import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { hashText, Random } from "./random.ts";

const DRAWS = 10_000;

/** Draws many numbers. */
function drawn<T>(seed: number, draw: (random: Random) => T): T[] {
  const random = new Random(seed);
  return Array.from({ length: DRAWS }, () => draw(random));
}

/** Returns the first numbers of a stream. */
function firsts(random: Random): string {
  return String(Array.from({ length: 8 }, () => random.bits()));
}

Deno.test("new Random() gives other numbers if any bit of the seed differs", () => {
  const seeds = [0, ...Array.from({ length: 53 }, (_, bit) => 2 ** bit), -1, -(2 ** 40)];
  const streams = seeds.map((seed) => new Random(seed));
  const children = seeds.map((seed) => new Random(seed).child("a"));
  assertEquals(new Set([...streams, ...children].map(firsts)).size, 2 * seeds.length);
});

Deno.test("Random.child() gives other numbers if the label or the seed differs", () => {
  const labels = ["", "a", "b", "aa", "clerk 1", "clerk 2", "clerk 11"];
  const streams = [new Random(1), new Random(2), new Random(1).child("parent")]
    .flatMap((parent) => [firsts(parent), ...labels.map((label) => firsts(parent.child(label)))]);
  assertEquals(new Set(streams).size, 3 * (1 + labels.length));
});

Deno.test("Random.child() depends on seed and label alone, and leaves its parent's numbers alone", () => {
  const parent = new Random(7);
  firsts(parent.child("b"));
  assertEquals(firsts(parent), firsts(new Random(7)));
  assertEquals(firsts(parent.child("a")), firsts(new Random(7).child("a")));
});

Deno.test("Random.bits() sets every bit in half of the draws", () => {
  const ones = Array<number>(32).fill(0);
  for (const bits of drawn(3, (random) => random.bits())) {
    assertEquals(bits, bits | 0);
    for (let bit = 0; bit < 32; bit++) ones[bit]! += (bits >>> bit) & 1;
  }
  // Of 32 bits one or two lie beyond 2 sigma, and hardly any beyond 4.
  const sigma = Math.sqrt(DRAWS / 4);
  for (const count of ones) assert(Math.abs(count - DRAWS / 2) < 4 * sigma, `${count} ones`);
});

Deno.test("next(), between() and integerBelow() stay in their ranges and fill them", () => {
  const assertFills = (numbers: number[], first: number, count: number) => {
    const floors = [...new Set(numbers.map(Math.floor))].sort((a, b) => a - b);
    assertEquals(floors, Array.from({ length: count }, (_, i) => first + i));
  };
  assertFills(drawn(4, (random) => 100 * random.next()), 0, 100);
  assertFills(drawn(5, (random) => random.between(-2, 22)), -2, 24);
  const whole = drawn(6, (random) => random.integerBelow(7));
  assertFills(whole, 0, 7);
  assert(whole.every(Number.isInteger));
});

Deno.test("Random.chance() is true as often as it is told", () => {
  for (const probability of [0, 0.1, 0.5, 2 / 3, 1]) {
    const hits = drawn(8, (random) => random.chance(probability)).filter(Boolean).length;
    const sigma = Math.sqrt(DRAWS * probability * (1 - probability));
    assert(Math.abs(hits - DRAWS * probability) <= 3 * sigma, `${hits} of ${DRAWS}`);
  }
});

Deno.test("hashText() depends on every character of a short text, and the ends of a long one", () => {
  const short = "append x 0 3 y".repeat(10).slice(0, 128);
  const long = "h".repeat(64) + "m".repeat(100) + "t".repeat(64);
  const ends = [...Array(64).keys(), ...Array.from({ length: 64 }, (_, i) => long.length - 1 - i)];
  for (const [text, places] of [[short, [...short].keys()], [long, ends]] as const) {
    const changed = Array.from(places, (i) => `${text.slice(0, i)}#${text.slice(i + 1)}`);
    assertEquals(new Set([text, ...changed].map((each) => hashText(each))).size, 129);
  }
  assertNotStrictEquals(hashText(long.replace("m", "mm")), hashText(long));
});

Deno.test("a chained hashText() depends on the texts before and their order", () => {
  const chain = (...texts: string[]) => texts.reduce((hash, text) => hashText(text, hash), 0);
  const hashes = [chain("a", "b"), chain("b", "a"), chain("ab"), chain("b"), chain("a")];
  assertEquals(new Set(hashes).size, hashes.length);
});
