/**
 * The layout of one part: lanes, rows and linearization points. Nothing here draws.
 *
 * @module
 */

import type { PageOperation, PagePart } from "../content.ts";
import type { Axis } from "./axis.ts";

/** The outcome of an operation in the search for an order. */
export type Status = "placed" | "unplaced" | "stuck";

/** One client's operations. */
export interface Lane {
  readonly client: number;
  /** The number of its first row. */
  readonly row: number;
  /** Indexes of operations, in the order of their calls. Operations of one row do not overlap;
   * a client has more than one row if it called before its last call returned. */
  readonly rows: readonly (readonly number[])[];
}

/** The lanes of one part. */
export interface Layout {
  readonly lanes: readonly Lane[];
  /** All rows of all lanes. */
  readonly rows: readonly (readonly number[])[];
  /** The row of each operation. */
  readonly rowOf: Int32Array;
  readonly statuses: readonly Status[];
  /** The operations that the reason names. */
  readonly named: ReadonlySet<number>;
  /** The number of each in the linearization, from 1; 0 if it has none. */
  readonly numbers: Int32Array;
}

/** Assigns a lane and a row to every operation. */
export function layOut(part: PagePart): Layout {
  const { operations, order, stuck, reason } = part;
  const byClient = Map.groupBy(operations.keys(), (place) => operations[place]!.client);
  const rows: number[][] = [];
  const lanes = [...byClient].sort(([a], [b]) => a - b).map(([client, places]) => {
    const own = packRows(operations, places);
    const row = rows.length;
    rows.push(...own);
    return { client, row, rows: own };
  });
  const rowOf = new Int32Array(operations.length);
  rows.forEach((places, row) => places.forEach((place) => rowOf[place] = row));
  const numbers = new Int32Array(operations.length);
  order.forEach((place, k) => numbers[place] = k + 1);
  const statuses = operations.map((_, place): Status => {
    if (numbers[place]! > 0) return "placed";
    return place === stuck ? "stuck" : "unplaced";
  });
  return { lanes, rows, rowOf, statuses, named: new Set(reason?.operations), numbers };
}

function packRows(operations: readonly PageOperation[], places: readonly number[]): number[][] {
  const rows: number[][] = [];
  const ends: number[] = [];
  for (const place of places.toSorted((a, b) => operations[a]!.call - operations[b]!.call)) {
    const { call, return: returned = Infinity } = operations[place]!;
    let row = ends.findIndex((end) => end <= call);
    if (row < 0) row = rows.push([]) - 1;
    rows[row]!.push(place);
    ends[row] = returned;
  }
  return rows;
}

/** Returns the positions of the linearization points.
 *
 * Each point lies between the call and the return of its operation, and no point lies
 * before its predecessor. Points that compete for the same stretch divide it evenly.
 */
export function pointsOf(order: readonly number[], axis: Axis): Float64Array {
  const size = order.length;
  const latest = new Float64Array(size);
  let bound = axis.to;
  for (let k = size - 1; k >= 0; k--) {
    bound = Math.min(bound, axis.ends[order[k]!]!);
    latest[k] = bound;
  }
  const points = new Float64Array(size);
  let reached = -Infinity;
  let crowd = 0;
  for (let k = 0; k < size; k++) {
    reached = Math.max(reached, axis.starts[order[k]!]!);
    // The points that follow and may share the stretch up to the latest position.
    crowd = Math.max(crowd, k + 1);
    while (crowd < size && axis.starts[order[crowd]!]! < latest[k]!) crowd++;
    reached += Math.max(0, latest[k]! - reached) / (crowd - k + 1);
    points[k] = reached;
  }
  return points;
}
