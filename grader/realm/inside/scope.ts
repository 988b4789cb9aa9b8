/**
 * Resets the global object of a context between two runs.
 *
 * @module
 */

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is, setPrototypeOf } = Object;
const { exec } = RegExp.prototype;
const anything = /^/;

/** Properties of the language that the simulation replaces, or that ordinary code may set. */
const OTHERS: readonly [holder: object, key: string][] = [
  [Math, "random"],
  [Date.prototype, "constructor"],
  [Error, "stackTraceLimit"],
];

type Property = [holder: object, key: PropertyKey, definition: PropertyDescriptor];

/** Records the properties of a global object.
 *
 * @returns A function that restores these properties and deletes all others; it returns false if
 * it cannot. Student code cannot change its effect, since it looks nothing up later.
 */
export function recordScope(scope: object): () => boolean {
  const others = OTHERS.map(([holder, key]) => propertyOf(holder, key));
  const known: Record<PropertyKey, true> = setPrototypeOf({}, null);
  const all = [...others, ...ownKeys(scope).map((key) => propertyOf(scope, key))];
  for (const key of ownKeys(scope)) known[key] = true;
  return () => {
    // This resets the properties of `RegExp` that describe the last match.
    apply(exec, anything, [""]);
    const keys = ownKeys(scope);
    for (let i = 0; i < keys.length; i++) {
      if (!known[keys[i]!] && !deleteProperty(scope, keys[i]!)) return false;
    }
    for (let i = 0; i < all.length; i++) if (!restored(all[i]!)) return false;
    return true;
  };
}

function propertyOf(holder: object, key: PropertyKey): Property {
  // Without a prototype, the descriptor is safe from properties that code adds to all objects.
  return [holder, key, setPrototypeOf(getOwnPropertyDescriptor(holder, key)!, null)];
}

function restored(property: Property): boolean {
  const holder = property[0], key = property[1], wanted = property[2];
  const found = getOwnPropertyDescriptor(holder, key);
  const isThere = found !== undefined && is(found.value, wanted.value) &&
    found.get === wanted.get && found.set === wanted.set && found.writable === wanted.writable;
  return isThere || defineProperty(holder, key, wanted);
}
