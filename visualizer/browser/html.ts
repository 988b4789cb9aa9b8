/**
 * Elements as templates: `html` returns what `render` shows. Text stays text and is never
 * parsed as markup. The history page and the debugger share it.
 *
 * @module
 */

import htm from "htm";
import { h, type VNode } from "preact";

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** Returns an element or a component. */
// The types of htm describe a CommonJS module, but this is an ES module.
export const html: Template = (htm as unknown as { bind(make: typeof h): Template }).bind(h);
