import type { Instrument, MarketSnapshot } from '@ballast/domain';
import { overlayCharges } from '../charge-overlay';
import { currencyRate } from '../fx-to-base';
import type { MarginRequirement } from '../margin-requirement';
import type { Portfolio } from '../portfolio';
import { computeHouseCharges, type HouseFacts } from './house-charges';
import type { HouseRule } from './house-rule';

/**
 * Lays the house rules in force over a requirement: the initial and the maintenance requirement each become the
 * methodology's own plus one node per rule that charges. Contributions grow in the same proportion, so that they still
 * add up; increments stay the methodology's. An INDETERMINATE requirement stays what it is.
 */
export function applyHouseRules(input: {
  readonly requirement: MarginRequirement;
  readonly rules: readonly HouseRule[];
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
}): MarginRequirement {
  const { requirement, rules, portfolio, snapshot } = input;
  const { model } = requirement;
  if (model === null) return requirement;
  const facts = houseFacts(requirement, model, portfolio, snapshot);
  const charges = computeHouseCharges(rules, facts).map(({ rule, label, basis, initial, maintenance }) => ({
    kind: `house-${rule.effect.kind}`,
    label,
    basis: `rule ${rule.id} from ${rule.effectiveFrom}: ${basis}`,
    initial,
    maintenance,
  }));
  return overlayCharges({
    requirement,
    charges,
    currency: portfolio.baseCurrency,
    maintenanceKind: 'house-maintenance',
    basis: 'requirement of the methodology and house rules',
  });
}

function houseFacts(
  requirement: MarginRequirement,
  model: NonNullable<MarginRequirement['model']>,
  portfolio: Portfolio,
  snapshot: MarketSnapshot,
): HouseFacts {
  const instruments = new Map<string, Instrument>();
  for (const { instrument } of portfolio.positions) instruments.set(instrument.id, instrument);
  const shares = new Map<string, number>();
  for (const { instrumentId, euler } of requirement.contributions) {
    const underlying = instruments.get(instrumentId)?.underlying;
    if (underlying !== undefined) shares.set(underlying, (shares.get(underlying) ?? 0) + euler);
  }
  const deltaValues = new Map<string, number>();
  for (const { underlying, delta } of requirement.greeks) {
    const quote = snapshot.underlyings.get(underlying);
    if (quote === undefined || quote.price === null) continue;
    const rate = currencyRate(snapshot, { from: quote.currency, to: portfolio.baseCurrency });
    deltaValues.set(underlying, Math.abs(delta * quote.price.toNumber() * rate));
  }
  return {
    initial: model.initialRequirement,
    maintenance: model.maintenanceRequirement,
    shares,
    deltaValues,
    holdsPositions: requirement.contributions.length > 0,
  };
}
