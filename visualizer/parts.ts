/**
 * Turns the result of a check into the parts of a page: operations as text, and the states
 * between them, which the model computes again.
 *
 * The states can be longer than the history by orders of magnitude, because each state holds
 * the whole value. All text is cut as soon as it is made; the more text, the shorter.
 *
 * @module
 */

import {
  type CheckResult,
  cleanText,
  cutMiddle,
  describeOperation,
  explainParts,
  type Explanation,
  type Model,
  type PartResult,
  type Timed,
} from "../linearizability/mod.ts";
import type { PageOperation, PagePart, PageReason } from "./content.ts";
import { lengthFor, showValue, VALUE_LENGTH_MAX } from "./cut.ts";

/** An operation of any model, with the fields that a page shows. */
export interface ShownOperation extends Timed {
  /** The result; absent if the caller saw none. */
  readonly output?: unknown;
  /** The error that the operation threw instead of returning. */
  readonly error?: string;
  /** The time of the call, in milliseconds. */
  readonly callMs?: number;
  /** The time of the return, or of the error, in milliseconds. */
  readonly returnMs?: number | null;
}

const NAME_LENGTH_MAX = 120;

/** A reason names keys, which can be long. */
const SENTENCE_LENGTH_MAX = 600;

/** Returns the parts of a page.
 *
 * @param model The model that the history was checked against.
 * @param result The result of `check`.
 * @param explanations The result of `explainParts`, if it is known already.
 */
export function pageParts<Op extends ShownOperation, State>(
  model: Model<Op, State>,
  result: CheckResult<Op>,
  explanations = explainParts(model, result),
): PagePart[] {
  const count = result.parts.reduce((sum, { operations, leftOut }) => {
    return sum + operations.length + leftOut.length;
  }, 0);
  const lengthMax = lengthFor(count);
  return result.parts.map((part) => {
    return pagePart(model, part, explanations.get(part) ?? {}, lengthMax);
  });
}

function pagePart<Op extends ShownOperation, State>(
  model: Model<Op, State>,
  { part: name, verdict, leftOut, ...found }: PartResult<Op>,
  explanation: Explanation<Op>,
  lengthMax: number,
): PagePart {
  // A reader looks for every operation of the history, also for those that do not matter.
  const operations = [...found.operations, ...leftOut];
  const { conflict } = explanation;
  const places = new Map(operations.map((operation, i) => [operation, i]));
  const placesOf = (some: readonly Op[]) => some.map((operation) => places.get(operation)!);
  // The operation at which the search stopped may be right and another one wrong. If the
  // conflict is known, the order ends at the operation that does not fit.
  const order = conflict === undefined ? found.order : placesOf(conflict.order);
  const stuck = conflict === undefined ? found.stuck : places.get(conflict.stuck)!;
  const reason = reasonOf(explanation, placesOf);
  const telling = new Set([stuck, ...reason?.operations ?? []]);
  return {
    // As in JSON, without the quotes, which the page adds.
    name: cleanText(JSON.stringify(cutMiddle(name, NAME_LENGTH_MAX)).slice(1, -1)),
    verdict,
    operations: operations.map((operation, i) => {
      return pageOperation(model, operation, telling.has(i) ? VALUE_LENGTH_MAX : lengthMax);
    }),
    order,
    states: statesAlong(model, order.map((place) => operations[place]!), lengthMax),
    // An inconclusive check does not show that the operation has no place.
    ...stuck !== undefined && verdict === "not linearizable" && { stuck },
    ...reason && { reason },
  };
}

function pageOperation<Op extends ShownOperation, State>(
  model: Model<Op, State>,
  operation: Op,
  lengthMax: number,
): PageOperation {
  const { output, error, callMs, returnMs, ...call } = operation;
  for (const [field, value] of Object.entries(call)) {
    if (typeof value === "string") Object.assign(call, { [field]: cutMiddle(value, lengthMax) });
  }
  return {
    client: operation.client,
    text: cleanText(describeOperation(model, call as unknown as Op)),
    ...output !== undefined && { result: showValue(output, lengthMax) },
    ...error !== undefined && { error: cleanText(cutMiddle(error, lengthMax)) },
    call: operation.call,
    ...operation.return !== null && { return: operation.return },
    ...callMs !== undefined && { callMs },
    ...typeof returnMs === "number" && { returnMs },
  };
}

function statesAlong<Op extends ShownOperation, State>(
  model: Model<Op, State>,
  order: readonly Op[],
  lengthMax: number,
): string[] {
  let state = model.init;
  const states = [showValue(state, lengthMax)];
  for (const [k, operation] of order.entries()) {
    // The order may hold an operation whose result is wrong.
    const after = model.step(state, operation) ??
      model.step(state, model.forget?.(operation) ?? operation);
    const isLast = k === order.length - 1;
    // Reads do not change the state.
    const isSame = !isLast && after === state;
    state = after ?? state;
    states.push(isSame ? states.at(-1)! : showValue(state, isLast ? VALUE_LENGTH_MAX : lengthMax));
  }
  return states;
}

function reasonOf<Op>(
  { reason, conflict }: Explanation<Op>,
  placesOf: (operations: readonly Op[]) => number[],
): PageReason | undefined {
  if (reason !== undefined) {
    return {
      kind: reason.kind,
      sentence: cleanText(cutMiddle(reason.sentence, SENTENCE_LENGTH_MAX)),
      operations: placesOf(reason.operations as unknown as readonly Op[]),
    };
  }
  return conflict && {
    kind: "contradiction",
    sentence: `These ${conflict.subset.length} operations are not linearizable by themselves`,
    operations: placesOf(conflict.subset),
  };
}
