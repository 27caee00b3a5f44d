import type { ReadSession } from './read-session';

/** A use case that answers many questions of one kind with a constant number of statements. */
export interface BatchRead<Key, Value> {
  /** Answers in the order of the keys; an Error is the refusal of its key alone. */
  readonly executeMany: (session: ReadSession, keys: readonly Key[]) => Promise<readonly (Value | Error)[]>;
  /** Equal for two questions that are the same one; their JSON where it is absent. */
  readonly keyOf?: (key: Key) => unknown;
}

/** Groups questions that differ only in their account, so that each group is one statement. */
export function groupBy<Item>(items: readonly Item[], groupOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(groupOf(item));
    if (group === undefined) groups.set(groupOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
