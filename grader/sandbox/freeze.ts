/**
 * Freezing, so that honest code does not notice: what inherits a name from something
 * frozen may still have it of its own by assigning to it.
 *
 * `ses` does the same, and more; but it freezes dates, which the simulation replaces, and
 * reads the environment, which needs a permission.
 *
 * @module
 */

/** What code may assign a name on that it inherits: plain objects, functions, errors,
 * lists and maps of one's own. Only these, since a method behind a getter costs time; and
 * not what the runtime is fast at only as long as it is plain, such as `then`. */
const OVERRIDABLE: object[] = [
  Object.prototype,
  Function.prototype,
  Error.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  WeakMap.prototype,
];

/** The intrinsics that have no name of their own. */
export function hiddenIntrinsics(): object[] {
  const parent = (value: object): object => Object.getPrototypeOf(value);
  const iterators = [[].values(), new Map().values(), new Set().values(), ""[Symbol.iterator]()];
  const functions = [async function () {}, function* () {}, async function* () {}];
  return [
    ...iterators.map(parent),
    ...functions.flatMap((each) => [parent(each), parent(each).constructor]),
    parent(functions[1]!.prototype),
    parent(parent(functions[2]!.prototype)),
    parent("a".matchAll(/a/g)),
    parent(Uint8Array),
  ];
}

/** Freezes a value, its prototype if it is a class, and what stands in them.
 *
 * @param value Any.
 * @param open Names that stay as they are. */
export function harden(value: unknown, open: readonly string[] = []): void {
  if (!isObject(value) || Object.isFrozen(value)) return;
  if (Object.prototype.toString.call(value) === "[object Module]") {
    for (const inside of Object.values(value)) if (inside !== value) harden(inside);
    return;
  }
  const prototype = typeof value === "function" ? value.prototype : undefined;
  if (isObject(prototype)) freezeParts(prototype, value === Date ? ["constructor"] : []);
  freezeParts(value, open);
}

function freezeParts(target: object, open: readonly string[]): void {
  for (const key of Reflect.ownKeys(target)) {
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
    const isMethod = "value" in descriptor && typeof descriptor.value === "function" &&
      key !== "constructor";
    if (isMethod && !open.includes(String(key))) Object.freeze(descriptor.value);
  }
  // What the simulation replaces is there already, so that nothing needs to be added.
  for (const name of open) {
    const value = (target as Record<string, unknown>)[name];
    Object.defineProperty(target, name, { value, writable: false, configurable: true });
    if (name !== "constructor") Object.freeze(value);
  }
  letOverride(target);
  if (open.length === 0) {
    Object.freeze(target);
    return;
  }
  for (const key of Reflect.ownKeys(target).filter((key) => !open.includes(String(key)))) {
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
    if (!descriptor.configurable) continue;
    const fixed = "value" in descriptor ? { writable: false } : {};
    Object.defineProperty(target, key, { ...descriptor, ...fixed, configurable: false });
  }
  Object.preventExtensions(target);
}

/** Lets objects that inherit a name from a frozen one have it of their own by assigning
 * to it, as they can where nothing is frozen. */
function letOverride(target: object): void {
  const isError = target instanceof Error;
  if (!isError && !OVERRIDABLE.some((each) => each === target)) return;
  for (const name of Object.getOwnPropertyNames(target)) {
    if (target === Array.prototype && name === "constructor") continue;
    const descriptor = Object.getOwnPropertyDescriptor(target, name)!;
    if (!("value" in descriptor) || !descriptor.configurable) continue;
    const { value, enumerable = false } = descriptor;
    Object.defineProperty(target, name, {
      get: () => value,
      set(this: object, own: unknown) {
        if (this === target) {
          throw new TypeError(`Cannot assign to "${String(name)}": it is frozen`);
        }
        if (Object.hasOwn(this, name)) {
          // A setter is asked even where the object's own property is what it inherits from.
          Object.defineProperty(this, name, { value: own });
          return;
        }
        Object.defineProperty(this, name, {
          value: own,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
      enumerable,
      configurable: true,
    });
  }
}

function isObject(value: unknown): value is object & { prototype?: unknown } {
  return value !== null && (typeof value === "object" || typeof value === "function");
}
