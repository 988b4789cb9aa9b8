/**
 * The data that the page carries: the content, with every text once and rows as
 * columns. A history names few values often, and 20,000 messages would otherwise say
 * the names of their fields 20,000 times.
 *
 * @module
 */

import type {
  PageContent,
  PageDrop,
  PageFault,
  PageMessage,
  PageOperation,
  PagePart,
} from "../content.ts";

/** A message without nested fields. */
export interface FlatMessage extends Omit<PageMessage, "dropped"> {
  readonly dropped?: PageDrop["what"];
  readonly why?: PageDrop["why"];
  readonly droppedMs?: number;
}

/** One field of all rows; `null` where it is absent. Texts are places in the words. */
export type Column =
  | { readonly numbers: readonly (number | null)[] }
  | { readonly texts: readonly (number | null)[] };

/** Rows with flat fields, as columns. */
export type Table = Readonly<Record<string, Column>>;

/** The data in the page. */
export interface PageData {
  readonly title: string;
  /** Each text of the tables, once. */
  readonly words: readonly string[];
  readonly parts: readonly PartData[];
  readonly faults: readonly PageFault[];
  readonly messages: Table;
}

/** A part, as it stands in the page. */
export interface PartData extends Omit<PagePart, "operations" | "states"> {
  readonly operations: Table;
  /** Places in the words. */
  readonly states: readonly number[];
}

type Field = string | number | undefined;

/** Writes the content down for the page. */
export function encodeContent(content: PageContent): PageData {
  const words = new Map<string, number>();
  const wordOf = (word: string) => {
    const known = words.get(word) ?? words.size;
    words.set(word, known);
    return known;
  };
  const table = (rows: readonly object[]) => encodeRows(rows, wordOf);
  const parts = content.parts.map((part) => ({
    ...part,
    operations: table(part.operations),
    states: part.states.map(wordOf),
  }));
  const messages = table((content.messages ?? []).map(flatten));
  const { title, faults = [] } = content;
  return { title, words: [...words.keys()], parts, faults, messages };
}

/** Makes a message flat. */
export function flatten({ dropped, ...message }: PageMessage): FlatMessage {
  if (dropped === undefined) return message;
  return { ...message, dropped: dropped.what, why: dropped.why, droppedMs: dropped.atMs };
}

function encodeRows(rows: readonly object[], wordOf: (word: string) => number): Table {
  const fields = new Set(rows.flatMap(Object.keys));
  return Object.fromEntries(Array.from(fields, (field) => {
    const values = rows.map((row) => (row as Record<string, Field>)[field]);
    if (!values.some((value) => typeof value === "string")) {
      return [field, { numbers: values.map((value) => rounded(value as number | undefined)) }];
    }
    const texts = values.map((value) => value === undefined ? null : wordOf(String(value)));
    return [field, { texts }];
  }));
}

/** The number of parts of a millisecond that are kept. Rounding never turns an order around. */
const PRECISION = 1_000;

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * PRECISION) / PRECISION;
}

/** A part, as the page uses it. */
export interface Part extends Omit<PagePart, "operations"> {
  readonly operations: readonly PageOperation[];
}

/** Reads a part back. */
export function decodePart(data: PageData, part: PartData): Part {
  return {
    ...part,
    operations: decodeRows<PageOperation>(part.operations, data.words),
    states: part.states.map((word) => data.words[word]!),
  };
}

/** Reads the messages back. */
export function decodeMessages(data: PageData): FlatMessage[] {
  return decodeRows<FlatMessage>(data.messages, data.words);
}

function decodeRows<Row>(table: Table, words: readonly string[]): Row[] {
  const rows: Record<string, Field>[] = [];
  for (const [field, column] of Object.entries(table)) {
    const isText = "texts" in column;
    const values = isText ? column.texts : column.numbers;
    values.forEach((value, i) => {
      const row = rows[i] ??= {};
      if (value !== null) row[field] = isText ? words[value]! : value;
    });
  }
  return rows as Row[];
}
