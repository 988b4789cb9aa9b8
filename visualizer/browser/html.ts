/**
 * Elements as templates: `html` makes what `render` shows. Text goes in as text,
 * never as markup. All pages of the lab that a script draws share it.
 *
 * @module
 */

import htm from "htm";
import { h, type VNode } from "preact";

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** Makes an element or a component. */
// The types of htm describe another kind of module than the one it is.
export const html: Template = (htm as unknown as { bind(make: typeof h): Template }).bind(h);
