/**
 * The global object between two runs in one realm.
 *
 * @module
 */

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is, setPrototypeOf } = Object;
const { exec } = RegExp.prototype;
const anything = /^/;

/** Properties of the language that runs replace, or that code may well set. */
const OTHERS: readonly [holder: object, key: string][] = [
  [Math, "random"],
  [Date.prototype, "constructor"],
  [Error, "stackTraceLimit"],
];

type Property = [holder: object, key: PropertyKey, definition: PropertyDescriptor];

/** Records what a global object has.
 *
 * @returns Puts that back, and takes everything else away. It returns false if that is not
 * possible. Student code cannot change what it does: it uses nothing that it looks up later.
 */
export function recordScope(scope: object): () => boolean {
  const others = OTHERS.map(([holder, key]) => propertyOf(holder, key));
  const known: Record<PropertyKey, true> = setPrototypeOf({}, null);
  const all = [...others, ...ownKeys(scope).map((key) => propertyOf(scope, key))];
  for (const key of ownKeys(scope)) known[key] = true;
  return () => {
    // Resets the properties of `RegExp` that tell of the last match.
    apply(exec, anything, [""]);
    const keys = ownKeys(scope);
    for (let i = 0; i < keys.length; i++) {
      if (!known[keys[i]!] && !deleteProperty(scope, keys[i]!)) return false;
    }
    for (let i = 0; i < all.length; i++) if (!putBack(all[i]!)) return false;
    return true;
  };
}

function propertyOf(holder: object, key: PropertyKey): Property {
  // Without a parent it defines the same, whatever code adds to all objects.
  return [holder, key, setPrototypeOf(getOwnPropertyDescriptor(holder, key)!, null)];
}

function putBack(property: Property): boolean {
  const holder = property[0], key = property[1], wanted = property[2];
  const found = getOwnPropertyDescriptor(holder, key);
  const isThere = found !== undefined && is(found.value, wanted.value) &&
    found.get === wanted.get && found.set === wanted.set && found.writable === wanted.writable;
  return isThere || defineProperty(holder, key, wanted);
}
