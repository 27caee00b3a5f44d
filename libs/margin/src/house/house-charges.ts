import type { HouseEffect, HouseRule } from './house-rule';

/** What a rule adds to the two requirements [base currency], ≥ 0. */
export interface HouseCharge {
  readonly rule: HouseRule;
  readonly label: string;
  readonly basis: string;
  readonly initial: number;
  readonly maintenance: number;
}

/** The requirement as house rules see it [base currency]. */
export interface HouseFacts {
  readonly initial: number;
  readonly maintenance: number;
  /** Σ Euler contributions of the positions on each underlying, in the maintenance requirement. */
  readonly shares: ReadonlyMap<string, number>;
  /** |net delta| × price of each underlying. */
  readonly deltaValues: ReadonlyMap<string, number>;
  readonly holdsPositions: boolean;
}

/**
 * Computes what house rules add, in a fixed order, each on top of the ones before: multipliers of one underlying on its
 * share, the account's multiplier on the sum, concentration, add-ons, minimum equity last.
 *
 * @param rules  rules in force, at most one per kind and underlying
 */
export function computeHouseCharges(rules: readonly HouseRule[], facts: HouseFacts): readonly HouseCharge[] {
  const charges: HouseCharge[] = [];
  const total = { initial: facts.initial, maintenance: facts.maintenance };
  const add = (rule: HouseRule, words: { label: string; basis: string }, initial: number, maintenance: number) => {
    if (initial === 0 && maintenance === 0) return;
    charges.push({ rule, ...words, initial, maintenance });
    total.initial += initial;
    total.maintenance += maintenance;
  };
  for (const { rule, effect } of ofKind(rules, 'multiplier')) {
    if (rule.underlying === null) continue;
    const share = Math.max(0, facts.shares.get(rule.underlying) ?? 0);
    const ratio = facts.maintenance > 0 ? facts.initial / facts.maintenance : 0;
    const extra = (effect.multiplier - 1) * share;
    const basis = `share ${share} of the maintenance requirement × (${effect.multiplier} − 1)`;
    add(rule, { label: `House multiplier on ${rule.underlying}`, basis }, extra * ratio, extra);
  }
  for (const { rule, effect } of ofKind(rules, 'multiplier')) {
    if (rule.underlying !== null) continue;
    const factor = effect.multiplier - 1;
    const words = { label: 'House multiplier', basis: `requirement so far × (${effect.multiplier} − 1)` };
    add(rule, words, total.initial * factor, total.maintenance * factor);
  }
  for (const charge of concentrationCharges(rules, facts)) add(charge.rule, charge, charge.initial, charge.maintenance);
  if (!facts.holdsPositions) return charges;
  for (const { rule, effect } of ofKind(rules, 'add-on'))
    add(rule, { label: 'House add-on', basis: 'fixed amount' }, effect.amount, effect.amount);
  for (const { rule, effect } of ofKind(rules, 'minimum-equity')) {
    const missing = (sum: number) => Math.max(0, effect.amount - sum);
    const words = { label: 'House minimum equity', basis: `requirement is at least ${effect.amount}` };
    add(rule, words, missing(total.initial), missing(total.maintenance));
  }
  return charges;
}

/** A rule about one underlying replaces the general one for it. */
function concentrationCharges(rules: readonly HouseRule[], facts: HouseFacts): readonly HouseCharge[] {
  const limits = ofKind(rules, 'concentration');
  const general = limits.find(({ rule }) => rule.underlying === null);
  return [...facts.deltaValues].flatMap(([underlying, value]) => {
    const found = limits.find(({ rule }) => rule.underlying === underlying) ?? general;
    if (found === undefined || value <= found.effect.limit) return [];
    const { limit, rate } = found.effect;
    const charge = rate * (value - limit);
    const label = `House concentration charge on ${underlying}`;
    const basis = `${rate} × (delta value ${value} − limit ${limit})`;
    return [{ rule: found.rule, label, basis, initial: charge, maintenance: charge }];
  });
}

function ofKind<Kind extends HouseEffect['kind']>(
  rules: readonly HouseRule[],
  kind: Kind,
): readonly { readonly rule: HouseRule; readonly effect: Extract<HouseEffect, { kind: Kind }> }[] {
  return rules
    .filter(({ effect }) => effect.kind === kind)
    .map((rule) => ({ rule, effect: rule.effect as Extract<HouseEffect, { kind: Kind }> }));
}
