/**
 * Tables for spreadsheets (RFC 4180).
 *
 * @module
 */

import { stringify } from "@std/csv/stringify";
import { oneLine } from "./text.ts";

/** The content of a cell. */
export type Cell = string | number;

/** The characters that start a formula in a spreadsheet, also behind spaces. */
const FORMULA = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

/** Without it, spreadsheets read the text in the encoding of the machine. */
const BYTE_ORDER_MARK = "\ufeff";

/** The number of characters that fit into a cell of a spreadsheet, with room to spare. */
const CELL_LENGTH_MAX = 10_000;

/** Returns a cell that no spreadsheet takes for a formula. */
export function textCell(text: string): string {
  const line = oneLine(text, CELL_LENGTH_MAX);
  return FORMULA.test(line) ? `'${line}` : line;
}

/** Returns the text of a table, whose first row is the heads. */
export function tableText(rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + stringify(rows, { crlf: true }).trimEnd();
}
