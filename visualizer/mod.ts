/**
 * One self-contained HTML page that shows a history: when each operation ran, the order in
 * which the operations can have taken effect, and the operation for which there is none.
 *
 * - {@linkcode pageParts} turns the result of a check into the parts of a page.
 * - {@linkcode renderPage} returns the page.
 *
 * @module
 */

export * from "./content.ts";
export * from "./page.ts";
export * from "./parts.ts";
