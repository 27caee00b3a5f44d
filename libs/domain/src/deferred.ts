/**
 * Computes a value when it is first asked for and keeps it: explanations that most callers never read cost nothing until
 * then. What `compute` throws is thrown at every question.
 */
export function deferred<Value>(compute: () => Value): () => Value {
  let kept: { readonly value: Value } | null = null;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}

const properties = new Map<string, { readonly key: symbol; readonly getter: PropertyDescriptor }>();

/**
 * Adds a property that is computed when it is first read, and kept. It is a property like any other: a copy or a serialised
 * form contains it. Objects made alike stay alike for the engine, which a getter of its own in each of them would prevent.
 *
 * @returns `target` itself
 */
export function addDeferred<Target extends object, Name extends string, Value>(
  target: Target,
  name: Name,
  compute: () => Value,
): Target & { readonly [Key in Name]: Value } {
  let property = properties.get(name);
  if (property === undefined) {
    const key = Symbol(name);
    const get = function (this: Record<symbol, () => unknown>): unknown {
      return this[key]?.();
    };
    property = { key, getter: { get, enumerable: true, configurable: true } };
    properties.set(name, property);
  }
  Object.defineProperty(target, property.key, { value: deferred(compute), configurable: true });
  return Object.defineProperty(target, name, property.getter) as Target & { readonly [Key in Name]: Value };
}
