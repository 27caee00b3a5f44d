import { DomainError, parseInstant } from '@ballast/domain';
import { override, parameterError, readChoice, readList, readNumber, readObject, readText } from '../parameter-reader';
import type { HouseEffect, HouseRule, HouseScope } from './house-rule';

const ruleKeys = [
  'id', 'effectiveFrom', 'effectiveTo', 'account', 'accountGroup', 'underlying', 'kind', 'multiplier', 'amount', 'limit', 'rate',
]; // prettier-ignore

/**
 * Reads house rules, a list of objects such as
 * `{ "id": "gold", "effectiveFrom": "2026-01-01", "underlying": "GC", "kind": "multiplier", "multiplier": 1.2 }`.
 *
 * `account` or `accountGroup` narrows a rule, neither makes it a rule of the firm. A key that does not belong to the
 * rule's kind is refused.
 *
 * @param path  where the list stands, for messages
 * @throws DomainError 'INVALID_PARAMETER'
 */
export function parseHouseRules(value: unknown, path: string): readonly HouseRule[] {
  return readList(value, path, readRule);
}

function readRule(value: unknown, path: string): HouseRule {
  const object = readObject(value, path, ruleKeys);
  const effectiveFrom = readDate(object['effectiveFrom'], `${path}.effectiveFrom`);
  const effectiveTo = override<string | null>(object, 'effectiveTo', path, null, readDateOrNull);
  if (effectiveTo !== null && effectiveTo <= effectiveFrom)
    throw parameterError(`${path}.effectiveTo`, `expected a date after ${effectiveFrom}`, effectiveTo);
  return {
    id: readText(object['id'], `${path}.id`),
    effectiveFrom,
    effectiveTo,
    scope: readScope(object, path),
    underlying: override<string | null>(object, 'underlying', path, null, readText),
    effect: readEffect(object, path),
  };
}

function readScope(object: Readonly<Record<string, unknown>>, path: string): HouseScope {
  const account = override<string | null>(object, 'account', path, null, readText);
  const accountGroup = override<string | null>(object, 'accountGroup', path, null, readText);
  if (account !== null && accountGroup !== null)
    throw parameterError(`${path}.accountGroup`, 'a rule is about an account or a group, not both', accountGroup);
  if (account !== null) return { level: 'account', account };
  return accountGroup === null ? { level: 'firm' } : { level: 'account-group', accountGroup };
}

const keysOfKind = {
  multiplier: ['multiplier'],
  'add-on': ['amount'],
  'minimum-equity': ['amount'],
  concentration: ['limit', 'rate'],
} as const;

function readEffect(object: Readonly<Record<string, unknown>>, path: string): HouseEffect {
  const kinds = Object.keys(keysOfKind) as (keyof typeof keysOfKind)[];
  const kind = readChoice(object['kind'], `${path}.kind`, kinds);
  const own: readonly string[] = keysOfKind[kind];
  for (const key of ['multiplier', 'amount', 'limit', 'rate']) {
    if (object[key] !== undefined && !own.includes(key))
      throw parameterError(`${path}.${key}`, `a rule of kind ${kind} has no ${key}`, object[key]);
  }
  const number = (key: string, minimum: number) => readNumber(object[key], `${path}.${key}`, { minimum });
  switch (kind) {
    case 'multiplier':
      return { kind, multiplier: number('multiplier', 1) };
    case 'add-on':
    case 'minimum-equity':
      if (object['underlying'] != null)
        throw parameterError(
          `${path}.underlying`,
          `a rule of kind ${kind} is about the whole account`,
          object['underlying'],
        );
      return { kind, amount: number('amount', 0) };
    case 'concentration':
      return { kind, limit: number('limit', 0), rate: number('rate', 0) };
  }
}

function readDateOrNull(value: unknown, path: string): string | null {
  return value === null ? null : readDate(value, path);
}

function readDate(value: unknown, path: string): string {
  try {
    parseInstant(`${String(value)}T00:00:00Z`, path);
  } catch (error) {
    if (error instanceof DomainError) throw parameterError(path, 'expected a date written YYYY-MM-DD', value);
    throw error;
  }
  return String(value);
}
