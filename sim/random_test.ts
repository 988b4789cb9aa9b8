import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { hashText, Random } from "./random.ts";

/** Returns the first numbers of a stream. */
function firsts(random: Random): string {
  return String(Array.from({ length: 8 }, () => random.bits()));
}

Deno.test("new Random() draws different numbers if any bit of the seed differs", () => {
  const seeds = [0, ...Array.from({ length: 53 }, (_, bit) => 2 ** bit), -1, -(2 ** 40)];
  const streams = seeds.map((seed) => new Random(seed));
  const children = seeds.map((seed) => new Random(seed).child("a"));
  assertEquals(new Set([...streams, ...children].map(firsts)).size, 2 * seeds.length);
});

Deno.test("Random.child() draws different numbers if the label or the seed differs", () => {
  const labels = ["", "a", "b", "aa", "clerk 1", "clerk 2", "clerk 11"];
  const streams = [new Random(1), new Random(2), new Random(1).child("parent")]
    .flatMap((parent) => [firsts(parent), ...labels.map((label) => firsts(parent.child(label)))]);
  assertEquals(new Set(streams).size, 3 * (1 + labels.length));
});

Deno.test("Random.child() depends only on seed and label, and does not change its parent's numbers", () => {
  const parent = new Random(7);
  firsts(parent.child("b"));
  assertEquals(firsts(parent), firsts(new Random(7)));
  assertEquals(firsts(parent.child("a")), firsts(new Random(7).child("a")));
});

Deno.test("Random draws uniformly from the whole range", () => {
  const random = new Random(4);
  const tally = (draw: () => number) => {
    const groups = Map.groupBy(Array.from({ length: 10_000 }, draw), Math.floor);
    return [...groups].toSorted(([one], [other]) => one - other);
  };
  for (
    const draw of [() => 8 * random.next(), () => random.between(0, 8), () => {
      return random.integerBelow(8);
    }]
  ) {
    const groups = tally(draw);
    assertEquals(groups.map(([floor]) => floor), [0, 1, 2, 3, 4, 5, 6, 7]);
    // 4 sigma around 1250.
    for (const [, { length }] of groups) assert(Math.abs(length - 1250) < 133, `${length}`);
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
