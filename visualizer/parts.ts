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
  describeOperation,
  kv,
  type Model,
  type Operation,
  type PartResult,
  reasonOf,
  type Timed,
} from "../linearizability/mod.ts";
import type { PageOperation, PagePart, PageReason } from "./content.ts";
import { cutText, lengthFor, showValue, VALUE_LENGTH_MAX } from "./cut.ts";

/** An operation of any model, with what a page shows besides. */
export interface ShownOperation extends Timed {
  /** What it returned; absent if there was nothing to see. */
  readonly output?: unknown;
  /** When it was called, in milliseconds. */
  readonly callMs?: number;
  /** When it returned, in milliseconds. */
  readonly returnMs?: number | null;
}

/** How many characters of a part's name are shown. */
const NAME_LENGTH_MAX = 120;

/** How many characters of a reason are shown. It names keys, which can be long. */
const SENTENCE_LENGTH_MAX = 600;

/** Turns what a check found into the parts of a page.
 *
 * @param model The model that it was checked against.
 * @param result What `check` returned.
 */
export function pageParts<Op extends ShownOperation, State>(
  model: Model<Op, State>,
  result: CheckResult<Op>,
): PagePart[] {
  const count = result.parts.reduce((sum, { operations }) => sum + operations.length, 0);
  const lengthMax = lengthFor(count);
  return result.parts.map((part) => new PartWriter(model, part, lengthMax).write());
}

class PartWriter<Op extends ShownOperation, State> {
  readonly #model: Model<Op, State>;
  readonly #part: PartResult<Op>;
  readonly #lengthMax: number;

  constructor(model: Model<Op, State>, part: PartResult<Op>, lengthMax: number) {
    this.#model = model;
    this.#part = part;
    this.#lengthMax = lengthMax;
  }

  write(): PagePart {
    const { part: name, verdict, operations, order, stuck } = this.#part;
    const reason = this.#reason();
    const telling = new Set([...stuck === undefined ? [] : [stuck], ...reason?.operations ?? []]);
    return {
      // As in JSON, without the quotes: the page adds those.
      name: cleanText(JSON.stringify(cutText(name, NAME_LENGTH_MAX)).slice(1, -1)),
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
      if (typeof value === "string") Object.assign(call, { [field]: cutText(value, lengthMax) });
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
      const after = this.#model.step(state, operations[place]!);
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
    // Only the words for a key/value store are known.
    if (this.#model as unknown !== kv || this.#part.verdict !== "not linearizable") {
      return undefined;
    }
    const part = this.#part as unknown as PartResult<Operation>;
    const reason = reasonOf(part);
    if (reason === undefined) return undefined;
    const { kind, sentence, operations } = reason;
    return {
      kind,
      sentence: cleanText(cutText(sentence, SENTENCE_LENGTH_MAX)),
      operations: operations.map((operation) => part.operations.indexOf(operation)),
    };
  }
}
