/**
 * Tables for spreadsheets (RFC 4180).
 *
 * @module
 */

import { stringify } from "@std/csv/stringify";
import { oneLine } from "./text.ts";

/** The content of a cell. */
export type Cell = string | number;

/** The characters that begin a formula in a spreadsheet, also after spaces. */
const FORMULA = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

/** The mark without which a spreadsheet assumes the encoding of the machine. */
const BYTE_ORDER_MARK = "\ufeff";

/** The longest text in a cell, in characters; spreadsheets have a limit of 32,767. */
const CELL_LENGTH_MAX = 10_000;

/** Returns a text as a cell that is no formula. */
export function textCell(text: string): string {
  const line = oneLine(text, CELL_LENGTH_MAX);
  return FORMULA.test(line) ? `'${line}` : line;
}

/** Returns a table as text. */
export function tableText(rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + stringify(rows, { crlf: true }).trimEnd();
}
