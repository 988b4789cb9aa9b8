/**
 * The words for operations in descriptions.
 *
 * @module
 */

/** Describes an operation of a model whose objects may have no name.
 *
 * @param operation Its object and its result, if there are any.
 * @param call The call, for example `read()`. */
export function describeCall(
  { key, output }: { readonly key?: string; readonly output?: unknown },
  call: string,
): string {
  const result = output === undefined ? "" : ` → ${JSON.stringify(output)}`;
  return `${key === undefined ? "" : `${key}: `}${call}${result}`;
}
