/// <reference lib="dom" />
/**
 * Making elements. All text goes in as text, never as markup.
 *
 * @module
 */

type Attributes = Readonly<Record<string, string | number>>;

const SVG = "http://www.w3.org/2000/svg";

/** Makes an HTML element. */
export function html<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Makes an SVG element. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Sets those attributes that changed. */
export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Sets the text of an element, if it changed. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** An element of the page that is known to be there. */
export function byId<Type extends Element = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`Finding the element "${id}" failed: it is not there`);
  return element as Element as Type;
}

/** Elements of one kind that are used again in each drawing, because making them is
 * what takes time. */
export class Pool<Type extends Element> {
  readonly #parent: Element;
  readonly #make: () => Type;
  readonly #elements: Type[] = [];
  #used = 0;

  constructor(parent: Element, make: () => Type) {
    this.#parent = parent;
    this.#make = make;
  }

  /** The next element of this drawing. */
  next(attributes: Attributes, text?: string): Type {
    const element = this.#elements[this.#used] ?? this.#add();
    this.#used++;
    set(element, attributes);
    if (text !== undefined) say(element, text);
    return element;
  }

  /** Ends a drawing: what was not used in it goes. */
  end(): void {
    for (const element of this.#elements.splice(this.#used)) element.remove();
    this.#used = 0;
  }

  #add(): Type {
    const element = this.#make();
    this.#elements.push(element);
    this.#parent.append(element);
    return element;
  }
}
