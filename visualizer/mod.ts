/**
 * One self-contained HTML page that shows a history: when each client's operations
 * ran, in which order they can have happened, and where no order is left.
 *
 * - {@linkcode pageParts} turns what a check found into what a page shows.
 * - {@linkcode renderPage} makes the page.
 *
 * @module
 */

export * from "./content.ts";
export * from "./page.ts";
export * from "./parts.ts";
