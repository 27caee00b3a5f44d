import { formatInstant, type Instant } from '@ballast/domain';
import { compareText } from '../arrange-portfolio';
import type { HouseAccount, HouseRule, HouseScope } from './house-rule';

/**
 * Picks the rules in force for an account: of the rules of one kind about one underlying the narrowest scope wins
 * (account before group before firm), then the latest effective date, then the first by identifier.
 *
 * @returns in canonical order: kind, then underlying
 */
export function selectHouseRules(
  rules: readonly HouseRule[],
  query: HouseAccount & { readonly asOf: Instant },
): readonly HouseRule[] {
  const day = formatInstant(query.asOf).slice(0, 10);
  const chosen = new Map<string, HouseRule>();
  for (const rule of [...rules].sort(bySpecificity)) {
    const inForce = rule.effectiveFrom <= day && (rule.effectiveTo === null || day < rule.effectiveTo);
    const key = `${rule.effect.kind}\u0000${rule.underlying ?? ''}`;
    if (inForce && matches(rule.scope, query) && !chosen.has(key)) chosen.set(key, rule);
  }
  return [...chosen].sort(([left], [right]) => compareText(left, right)).map(([, rule]) => rule);
}

const rankOfLevel = { account: 0, 'account-group': 1, firm: 2 } as const;

function bySpecificity(left: HouseRule, right: HouseRule): number {
  return (
    rankOfLevel[left.scope.level] - rankOfLevel[right.scope.level] ||
    compareText(right.effectiveFrom, left.effectiveFrom) ||
    compareText(left.id, right.id)
  );
}

function matches(scope: HouseScope, account: HouseAccount): boolean {
  switch (scope.level) {
    case 'firm':
      return true;
    case 'account-group':
      return scope.accountGroup === account.accountGroup;
    case 'account':
      return scope.account === account.account;
  }
}
