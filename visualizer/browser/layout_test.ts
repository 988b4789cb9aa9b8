import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { PageOperation, PagePart } from "../content.ts";
import { recording } from "../fixture.ts";
import { hasTimes, orderAxis, timeAxis } from "./axis.ts";
import { layOut, pointsOf } from "./layout.ts";
import { ticks, View } from "./view.ts";

function operation(
  client: number,
  call: number,
  end?: number,
  ms?: [number, number],
): PageOperation {
  return {
    client,
    text: "get()",
    call,
    ...end === undefined ? {} : { return: end },
    ...ms === undefined ? {} : { callMs: ms[0], returnMs: ms[1] },
  };
}

function partOf(operations: PageOperation[], order: number[] = []): PagePart {
  return { name: "k", verdict: "linearizable", operations, order, states: [] };
}

Deno.test("layOut() gives each client a lane, and rows where its calls overlap", () => {
  const { lanes, rows, rowOf } = layOut(partOf([
    operation(2, 0, 3),
    operation(0, 1, 2),
    operation(2, 2),
    operation(2, 4, 5),
  ]));
  assertEquals(lanes.map(({ client, row }) => [client, row]), [[0, 0], [2, 1]]);
  assertEquals(rows, [[1], [0, 3], [2]]);
  assertEquals([...rowOf], [1, 0, 2, 1]);
});

Deno.test("layOut() numbers placed operations and marks the stuck one", () => {
  const part = {
    ...partOf([operation(0, 0, 1), operation(1, 0, 1), operation(2, 0, 1)], [1]),
    stuck: 2,
  };
  const { statuses, numbers } = layOut(part);
  assertEquals(statuses, ["unplaced", "placed", "stuck"]);
  assertEquals([...numbers], [0, 1, 0]);
});

Deno.test("pointsOf() keeps points in their operations and in order on both axes", () => {
  for (const executesTwice of [true, false]) {
    const { parts } = recording({ operations: 300, clients: 5, executesTwice });
    const { operations, order } = parts[0]!;
    assert(hasTimes(operations));
    for (const axis of [timeAxis(operations), orderAxis(operations)]) {
      const points = pointsOf(order, axis);
      points.forEach((point, k) => {
        assert(point >= axis.starts[order[k]!]! && point <= axis.ends[order[k]!]!);
        assert(k === 0 || point >= points[k - 1]!);
      });
    }
  }
});

Deno.test("pointsOf() spreads the points of operations that run at the same time", () => {
  const operations = [operation(0, 0, 3), operation(1, 1, 4), operation(2, 2, 5)];
  const points = pointsOf([2, 0, 1], orderAxis(operations));
  assertEquals(new Set(points).size, 3);
});

Deno.test("hasTimes() is false when times are missing or contradict the counters", () => {
  assert(hasTimes([operation(0, 0, 1, [0, 5]), operation(1, 2, 3, [5, 5])]));
  assert(!hasTimes([operation(0, 0, 1, [0, 5]), operation(1, 2, 3, [4, 5])]));
  assert(!hasTimes([operation(0, 0, 1, [0, 5]), operation(1, 2, 3)]));
  assert(!hasTimes([]));
});

Deno.test("orderAxis() places moments between the events around them", () => {
  const { place, from, to } = orderAxis([
    operation(0, 4, 9, [10, 20]),
    operation(1, 12, 13, [20, 40]),
  ]);
  assertEquals([from, to], [0, 3]);
  assertEquals([10, 15, 20, 30, 40].map(place!), [0, 0.5, 2, 2.5, 3]);
  assert(place!(0) < 0 && place!(100) > 3);
});

Deno.test("orderAxis() never reverses moments", () => {
  const { parts, messages } = recording({ operations: 100, clients: 4 });
  const { place } = orderAxis(parts[0]!.operations);
  const times = messages!.map(({ sentMs }) => sentMs).toSorted((a, b) => a - b);
  times.map(place!).forEach((at, i, all) => assert(i === 0 || at >= all[i - 1]!));
});

Deno.test("View.zoom() keeps the position under the pointer and stays within its limits", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.nat(1000), (factor, px) => {
      const view = new View();
      view.widthPx = 1000;
      view.limit(0, 100, 0.5);
      view.show(40, 60);
      const at = view.at(px);
      view.zoom(factor, px);
      const { from, to } = view.limits;
      assert(view.from >= from && view.to <= to + 1e-9);
      assert(view.span >= 0.5 - 1e-9);
      const isFree = view.from > from && view.to < to;
      if (isFree) assert(Math.abs(view.at(px) - at) < 1e-6);
    }),
  );
});

Deno.test("ticks() are round, in view and no closer than requested", () => {
  const view = new View();
  view.widthPx = 1000;
  view.limit(0, 1000, 1);
  view.show(0, 1000);
  assertEquals(ticks(view, 100), {
    step: 100,
    at: [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000],
  });
  view.show(10, 12);
  assertEquals(ticks(view, 100, 1), { step: 1, at: [10, 11, 12] });
});
