/**
 * From what a check found to what a page shows: operations as text, and the states
 * between them, which nobody recorded and the model therefore runs through again.
 *
 * The states of a long history can be longer than the history by orders of magnitude,
 * since a value that is appended to is seen whole each time. All text is cut as it is
 * made, and the more there is of it, the shorter.
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

/** An operation of any model, with what a page shows besides. */
export interface ShownOperation extends Timed {
  /** The result; absent if there was none to see. */
  readonly output?: unknown;
  /** The time of the call, in milliseconds. */
  readonly callMs?: number;
  /** The time of the return, in milliseconds. */
  readonly returnMs?: number | null;
}

/** The number of characters of a part's name that are shown. */
const NAME_LENGTH_MAX = 120;

/** The number of characters of a reason that are shown. It names keys, which can be long. */
const SENTENCE_LENGTH_MAX = 600;

/** Turns what a check found into the parts of a page.
 *
 * @param model The model that it was checked against.
 * @param result The result of `check`.
 * @param explanations The explanations of `explainParts`, if they are known already.
 */
export function pageParts<Op extends ShownOperation, State>(
  model: Model<Op, State>,
  result: CheckResult<Op>,
  explanations = explainParts(model, result),
): PagePart[] {
  const count = result.parts.reduce((sum, { operations }) => sum + operations.length, 0);
  const lengthMax = lengthFor(count);
  return result.parts.map((part) =>
    new PartWriter(model, part, explanations.get(part) ?? {}, lengthMax).write()
  );
}

class PartWriter<Op extends ShownOperation, State> {
  readonly #model: Model<Op, State>;
  readonly #part: PartResult<Op>;
  readonly #explanation: Explanation<Op>;
  readonly #lengthMax: number;

  constructor(
    model: Model<Op, State>,
    part: PartResult<Op>,
    explanation: Explanation<Op>,
    lengthMax: number,
  ) {
    this.#model = model;
    this.#part = withConflict(part, explanation);
    this.#explanation = explanation;
    this.#lengthMax = lengthMax;
  }

  write(): PagePart {
    const { part: name, verdict, operations, order, stuck } = this.#part;
    const reason = this.#reason();
    const telling = new Set([...stuck === undefined ? [] : [stuck], ...reason?.operations ?? []]);
    return {
      // As in JSON, without the quotes: the page adds those.
      name: cleanText(JSON.stringify(cutMiddle(name, NAME_LENGTH_MAX)).slice(1, -1)),
      verdict,
      operations: operations.map((operation, i) => {
        return this.#operation(operation, telling.has(i) ? VALUE_LENGTH_MAX : this.#lengthMax);
      }),
      order,
      states: this.#states(),
      // As long as nothing is decided, nothing is known to have no place.
      ...stuck === undefined || verdict !== "not linearizable" ? {} : { stuck },
      ...reason === undefined ? {} : { reason },
    };
  }

  #operation(operation: Op, lengthMax: number): PageOperation {
    const { output, callMs, returnMs, ...call } = operation;
    for (const [field, value] of Object.entries(call)) {
      if (typeof value === "string") Object.assign(call, { [field]: cutMiddle(value, lengthMax) });
    }
    return {
      client: operation.client,
      text: cleanText(describeOperation(this.#model, call as unknown as Op)),
      ...output === undefined ? {} : { result: showValue(output, lengthMax) },
      call: operation.call,
      ...operation.return === null ? {} : { return: operation.return },
      ...callMs === undefined ? {} : { callMs },
      ...returnMs === undefined || returnMs === null ? {} : { returnMs },
    };
  }

  #states(): string[] {
    const { operations, order } = this.#part;
    let state = this.#model.init;
    const states = [showValue(state, this.#lengthMax)];
    order.forEach((place, k) => {
      // The order may hold an operation whose result nobody believes.
      const operation = operations[place]!;
      const after = this.#model.step(state, operation) ??
        this.#model.step(state, this.#model.forget?.(operation) ?? operation);
      // Reads, which are half of many histories, leave the state as it was.
      const isLast = k === order.length - 1;
      const isSame = !isLast && after === state;
      state = after ?? state;
      states.push(
        isSame ? states.at(-1)! : showValue(state, isLast ? VALUE_LENGTH_MAX : this.#lengthMax),
      );
    });
    return states;
  }

  #reason(): PageReason | undefined {
    const { reason, conflict } = this.#explanation;
    const places = new Map(this.#part.operations.map((operation, i) => [operation, i]));
    if (reason === undefined) {
      if (conflict === undefined) return undefined;
      const { subset } = conflict;
      const operations = subset.map((operation) => places.get(operation)!);
      const sentence = `These ${subset.length} operations are not linearizable by themselves`;
      return { kind: "contradiction", sentence, operations };
    }
    const { kind, sentence } = reason;
    const operations = reason.operations as unknown as readonly Op[];
    return {
      kind,
      sentence: cleanText(cutMiddle(sentence, SENTENCE_LENGTH_MAX)),
      operations: operations.map((operation) => places.get(operation)!),
    };
  }
}

/** Shows the order up to the operation that does not fit, where that is known: the one
 * at which a search got stuck may be right, and another one wrong. */
function withConflict<Op>(part: PartResult<Op>, { conflict }: Explanation<Op>): PartResult<Op> {
  if (conflict === undefined) return part;
  const places = new Map(part.operations.map((operation, i) => [operation, i]));
  const order = conflict.order.map((operation) => places.get(operation)!);
  return { ...part, order, stuck: places.get(conflict.stuck)! };
}
