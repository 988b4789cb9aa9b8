/**
 * Elements as templates, as the history page makes them.
 *
 * @module
 */

export { html } from "../../../visualizer/browser/html.ts";
