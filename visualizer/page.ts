/** Work in progress. @module */
import type { PageContent } from "./content.ts";

/** Makes the page. */
export function renderPage(content: PageContent): string {
  return content.title;
}
