/**
 * Larger scripts, drawn at random like what the tests do: several clerks, many
 * operations, many faults, servers that go down. They are for mistakes that need more
 * than a few operations; what fails is shrunk.
 *
 * @module
 */

import { Random } from "../sim/mod.ts";
import { token } from "../testing/values.ts";
import type { ClusterSize } from "./candidates.ts";
import type { Fault, ForwardFault, Scene, Script, ScriptedOperation } from "./script.ts";

/** How large a script is. */
interface CrowdShape {
  scenes: number;
  clerks: number;
  /** How many operations each clerk has in a scene. */
  operations: number;
}

const SHAPES: readonly CrowdShape[] = [
  { scenes: 1, clerks: 1, operations: 12 },
  { scenes: 1, clerks: 5, operations: 4 },
  { scenes: 3, clerks: 3, operations: 4 },
  { scenes: 1, clerks: 12, operations: 2 },
  { scenes: 2, clerks: 5, operations: 10 },
  { scenes: 1, clerks: 1, operations: 300 },
];
const FAULTS: readonly Fault[] = ["reply lost", "reply lost", "request lost", "request slow"];
const FAULT_PROBABILITY = 0.25;
/** How many requests of an operation something may happen to. */
const REQUESTS = 3;
const FORWARDS = 40;
const OUTAGE_PROBABILITY = 0.5;

/** Draws one script.
 *
 * @param seed Which one.
 */
export function crowdScript({ nservers, nreplicas }: ClusterSize, seed: number): Script {
  const random = new Random(seed).child("crowd");
  const shape = SHAPES[seed % SHAPES.length]!;
  const written = Array(shape.clerks).fill(0);
  const keys = Array.from({ length: nservers === 1 ? 2 : nservers }, (_, key) => String(key));
  const fault = () => random.chance(FAULT_PROBABILITY) ? pick(random, FAULTS) : undefined;
  const operation = (clerk: number): ScriptedOperation => {
    const key = pick(random, keys);
    const op = pick(random, ["append", "append", "append", "get", "get", "put"] as const);
    const faults = Array.from({ length: REQUESTS }, fault);
    if (op === "get") return { op, key, faults };
    return { op, key, value: token(clerk, written[clerk]++), faults };
  };
  let down: number[] = [];
  const scenes = Array.from({ length: shape.scenes }, (): Scene => {
    const stop = nreplicas > 1 && random.chance(OUTAGE_PROBABILITY)
      ? [random.integerBelow(nservers)]
      : [];
    const start = down;
    down = stop;
    const clerks = Array.from({ length: shape.clerks }, (_, clerk) => {
      return Array.from({ length: shape.operations }, () => operation(clerk));
    });
    return { start, stop, clerks };
  });
  return { nservers, nreplicas, scenes, forwardFaults: forwards(random, nservers), seed };
}

function forwards(random: Random, nservers: number): ForwardFault[] {
  if (nservers === 1) return [];
  return Array.from({ length: FORWARDS }, () => {
    const from = random.integerBelow(nservers);
    const to = (from + 1 + random.integerBelow(nservers - 1)) % nservers;
    return { from, to, index: random.integerBelow(FORWARDS), fault: pick(random, FAULTS) };
  });
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integerBelow(choices.length)]!;
}
