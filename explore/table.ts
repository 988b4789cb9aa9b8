/**
 * A table of text: the first column on the left, numbers on the right.
 *
 * @module
 */

/** Lays rows out in columns.
 *
 * @param rows The first one is the heading.
 */
export function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    return row.map((cell, column) => {
      return column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
    }).join("  ");
  });
}
