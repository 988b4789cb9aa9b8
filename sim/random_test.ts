import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { hashText, mix32, Random } from "./random.ts";

const DRAWS = 10_000;

/** The first numbers of a stream. */
function numbers(random: Random, count = 8): number[] {
  return Array.from({ length: count }, () => random.bits());
}

/** The first number of a stream: two streams that differ differ in it, but for
 * one case in 2^32. */
function first(random: Random): number {
  return random.bits();
}

Deno.test("new Random() gives other numbers if any bit of the seed differs", () => {
  const seeds = [0, ...Array.from({ length: 53 }, (_, bit) => 2 ** bit), -1, -(2 ** 40)];
  const firsts = new Set(seeds.map((seed) => first(new Random(seed))));
  assertEquals(firsts.size, seeds.length);
});

Deno.test("new Random() uses all bits of a seed above 2^32", () => {
  const low = 123_456_789;
  assertNotStrictEquals(first(new Random(2 ** 32 + low)), first(new Random(low)));
  assertNotStrictEquals(
    first(new Random(2 ** 32 + low).child("a")),
    first(new Random(low).child("a")),
  );
});

Deno.test("Random.child() gives other numbers if the label or the seed differs", () => {
  const parents = [new Random(1), new Random(2), new Random(1).child("parent")];
  const labels = ["", "a", "b", "aa", "clerk 1", "clerk 2", "clerk 11"];
  const streams = parents.flatMap((parent) => [
    first(parent),
    ...labels.map((label) => first(parent.child(label))),
  ]);
  assertEquals(new Set(streams).size, parents.length * (1 + labels.length));
});

Deno.test("Random.child() depends on seed and label alone, and leaves its parent's numbers alone", () => {
  const parent = new Random(7);
  numbers(parent.child("b"));
  const child = parent.child("a");
  assertEquals(numbers(parent), numbers(new Random(7)));
  assertEquals(numbers(child), numbers(new Random(7).child("a")));
  assertEquals(numbers(parent.child("a")), numbers(new Random(7).child("a")));
});

Deno.test("Random.bits() sets every bit in half of the draws", () => {
  const random = new Random(3);
  const ones = Array<number>(32).fill(0);
  for (let i = 0; i < DRAWS; i++) {
    const bits = random.bits();
    assertEquals(bits, bits | 0);
    for (let bit = 0; bit < 32; bit++) ones[bit]! += (bits >>> bit) & 1;
  }
  // Of 32 bits one or two lie beyond 2 sigma, and hardly any beyond 4.
  const sigma = Math.sqrt(DRAWS / 4);
  for (const count of ones) assert(Math.abs(count - DRAWS / 2) < 4 * sigma, `${count} ones`);
});

Deno.test("Random.next() stays in [0, 1) and fills it", () => {
  const random = new Random(4);
  const drawn = Array.from({ length: DRAWS }, () => random.next());
  assert(drawn.every((number) => number >= 0 && number < 1));
  assertEquals(new Set(drawn.map((number) => Math.floor(number * 100))).size, 100);
});

Deno.test("Random.between() stays in its range and fills it", () => {
  const random = new Random(5);
  const drawn = Array.from({ length: DRAWS }, () => random.between(-200, 2200));
  assert(drawn.every((number) => number >= -200 && number < 2200));
  assertEquals(new Set(drawn.map((number) => Math.floor(number / 100))).size, 24);
});

Deno.test("Random.integerBelow() returns each number below its limit", () => {
  const random = new Random(6);
  const drawn = new Set(Array.from({ length: 1000 }, () => random.integerBelow(7)));
  assertEquals([...drawn].sort(), [0, 1, 2, 3, 4, 5, 6]);
  assertEquals(random.integerBelow(1), 0);
});

Deno.test("Random.chance() is true as often as it is told", () => {
  for (const probability of [0.1, 0.5, 2 / 3]) {
    const random = new Random(8);
    let hits = 0;
    for (let i = 0; i < DRAWS; i++) if (random.chance(probability)) hits++;
    const sigma = Math.sqrt(DRAWS * probability * (1 - probability));
    assert(Math.abs(hits - DRAWS * probability) < 3 * sigma, `${hits} of ${DRAWS}`);
  }
});

Deno.test("Random.chance() is certain when the probability is 0 or 1", () => {
  const random = new Random(9);
  for (let i = 0; i < 1000; i++) {
    assertEquals(random.chance(0), false);
    assertEquals(random.chance(1), true);
  }
});

Deno.test("hashText() depends on every character of a short text", () => {
  const text = "append x 0 3 y".repeat(10).slice(0, 128);
  const changed = Array.from(text, (_, i) => `${text.slice(0, i)}#${text.slice(i + 1)}`);
  const hashes = new Set([text, ...changed].map((text) => hashText(text)));
  assertEquals(hashes.size, 129);
});

Deno.test("hashText() depends on the length, head and tail of a long text", () => {
  const [head, middle, tail] = ["h".repeat(64), "m".repeat(100), "t".repeat(64)];
  const text = head + middle + tail;
  const hash = hashText(text);
  assertNotStrictEquals(hashText(`${head}${middle}m${tail}`), hash);
  for (let i = 0; i < 64; i++) {
    assertNotStrictEquals(hashText(`${text.slice(0, i)}#${text.slice(i + 1)}`), hash);
    const back = text.length - 1 - i;
    assertNotStrictEquals(hashText(`${text.slice(0, back)}#${text.slice(back + 1)}`), hash);
  }
});

Deno.test("a chained hashText() depends on the texts before and their order", () => {
  const chain = (...texts: string[]) => texts.reduce((hash, text) => hashText(text, hash), 0);
  const hashes = [chain("a", "b"), chain("b", "a"), chain("ab"), chain("b"), chain("a")];
  assertEquals(new Set(hashes).size, hashes.length);
});

Deno.test("mix32() flips about half of the output bits when one input bit flips", () => {
  for (let bit = 0; bit < 32; bit++) {
    let flips = 0;
    for (let input = 1; input <= 100; input++) {
      const changed = mix32(input) ^ mix32(input ^ (1 << bit));
      for (let rest = changed; rest !== 0; rest &= rest - 1) flips++;
    }
    assert(flips > 1400 && flips < 1800, `bit ${bit} flips ${flips} of 3200 bits`);
  }
});
