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
