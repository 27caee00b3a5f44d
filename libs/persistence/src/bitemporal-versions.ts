import type { Instant } from '@ballast/domain';

/** A version we believe now: `value` was true from `validFrom` until `validUntil` (null: until further notice). */
export interface OpenVersion<Value> {
  readonly versionId: string;
  readonly key: string;
  readonly value: Value;
  readonly validFrom: Instant;
  readonly validUntil: Instant | null;
}

export interface VersionToInsert<Value> {
  readonly key: string;
  readonly value: Value;
  readonly validFrom: Instant;
  readonly validUntil: Instant | null;
}

export interface VersionPlan<Value> {
  /** Versions no longer believed. */
  readonly close: readonly string[];
  readonly insert: readonly VersionToInsert<Value>[];
  /** Keys whose belief changes. */
  readonly changedKeys: readonly string[];
}

/**
 * Plans what a statement "from `from` on, these are the values" does to what we believe. Values are never overwritten:
 * a version that is no longer true as it stands is closed, and what remains true of it is added again.
 *
 * The statement reaches until the next thing stated about the same key, at most until `until`: a correction of the past
 * does not undo what was stated later.
 *
 * @param input.open       versions believed now whose validity ends after `from`
 * @param input.stated     value per key; null states that there is none
 * @param input.from       first instant the statement speaks of
 * @param input.until      first instant it no longer speaks of; null: unlimited
 * @param input.keepEqual  true when an equal value that began earlier needs no version of its own
 */
export function planVersions<Value>(input: {
  readonly open: readonly OpenVersion<Value>[];
  readonly stated: ReadonlyMap<string, Value | null>;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly keepEqual: boolean;
  readonly isEqual: (left: Value, right: Value) => boolean;
}): VersionPlan<Value> {
  const close: string[] = [];
  const insert: VersionToInsert<Value>[] = [];
  const changedKeys: string[] = [];
  const openByKey = groupByKey(input.open);
  for (const [key, value] of input.stated) {
    const versions = openByKey.get(key) ?? [];
    const current = versions.find((version) => version.validFrom <= input.from);
    if (current === undefined ? value === null : isUnchanged(input, current, value)) continue;
    const starts = versions.filter((version) => version.validFrom > input.from).map((version) => version.validFrom);
    const until = earliest([input.until, current?.validUntil ?? null, ...starts]);
    changedKeys.push(key);
    if (current !== undefined) {
      close.push(current.versionId);
      if (current.validFrom < input.from) insert.push({ ...spanOf(current), validUntil: input.from });
      if (until !== null && (current.validUntil === null || until < current.validUntil)) {
        insert.push({ ...spanOf(current), validFrom: until });
      }
    }
    if (value !== null) insert.push({ key, value, validFrom: input.from, validUntil: until });
  }
  return { close, insert, changedKeys };
}

function isUnchanged<Value>(
  input: {
    readonly from: Instant;
    readonly keepEqual: boolean;
    readonly isEqual: (left: Value, right: Value) => boolean;
  },
  current: OpenVersion<Value>,
  value: Value | null,
): boolean {
  if (value === null || !input.isEqual(current.value, value)) return false;
  return input.keepEqual || current.validFrom === input.from;
}

function spanOf<Value>({ key, value, validFrom, validUntil }: OpenVersion<Value>): VersionToInsert<Value> {
  return { key, value, validFrom, validUntil };
}

function groupByKey<Value>(versions: readonly OpenVersion<Value>[]): Map<string, OpenVersion<Value>[]> {
  const groups = new Map<string, OpenVersion<Value>[]>();
  for (const version of versions) {
    const group = groups.get(version.key);
    if (group === undefined) groups.set(version.key, [version]);
    else group.push(version);
  }
  return groups;
}

function earliest(instants: readonly (Instant | null)[]): Instant | null {
  let found: Instant | null = null;
  for (const instant of instants) if (instant !== null && (found === null || instant < found)) found = instant;
  return found;
}
