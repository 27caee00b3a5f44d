import { Decimal, DomainError, type Money, moneyFromModelValue, subtractMoney } from '@ballast/domain';
import {
  type AccountFigures,
  evaluateState,
  measureState,
  type ModelBuffer,
  type PreparedState,
} from '../analysis/account-state';
import { type AttributionFactor, attributionFactors, prepareMixtures } from './mixed-state';
import { shapleySplit } from './shapley-split';

/** What one factor did to the figures [base currency]; the factors add up to the change exactly. */
export interface FactorEffect {
  readonly factor: AttributionFactor;
  readonly initialRequirement: Money;
  readonly maintenanceRequirement: Money;
  readonly equity: Money;
  /** equity − maintenance requirement. */
  readonly buffer: Money;
}

/** Why requirement and buffer changed between two instants. */
export interface ChangeAttribution {
  readonly from: AccountFigures;
  readonly to: AccountFigures;
  /** Later − earlier. */
  readonly total: Omit<FactorEffect, 'factor'>;
  readonly factors: readonly FactorEffect[];
}

/**
 * Attributes the change of an account between two instants to trades, price, volatility, time, rates, parameters and cash
 * by Shapley's rule over the 128 mixtures of both (methodology §5.6), so no order of the factors is preferred.
 *
 * Effects are rounded to the minor unit, half-even; what rounding leaves over goes to the factor of the largest effect,
 * so that they add up to the rounded change to the last digit.
 *
 * @throws DomainError 'CURRENCY_MISMATCH' for two base currencies; 'PRICE_MISSING' when either instant, or a mixture,
 *         cannot be valued
 */
export function attributeChange(earlier: PreparedState, later: PreparedState): ChangeAttribution {
  const currency = earlier.portfolio.baseCurrency;
  if (later.portfolio.baseCurrency !== currency)
    throw new DomainError('CURRENCY_MISMATCH', `from ${currency} to ${later.portfolio.baseCurrency}`, 'baseCurrency');
  const [from, to] = [evaluateState(earlier), evaluateState(later)];
  const [before, after] = [amountsOf(from), amountsOf(to)];
  const mix = prepareMixtures(earlier, later);
  const all = 2 ** attributionFactors.length - 1;
  const figures = Array.from({ length: all + 1 }, (_, mask) => {
    if (mask === 0) return measured(earlier, 'the earlier instant');
    if (mask === all) return measured(later, 'the later instant');
    return measured(
      mix((factor) => (mask & (1 << attributionFactors.indexOf(factor))) !== 0),
      'a mixture of both instants',
    );
  });
  const split = (key: keyof ModelBuffer, change: Money) =>
    exactParts(
      shapleySplit(attributionFactors.length, (mask) => (figures[mask] as ModelBuffer)[key]),
      change,
    );
  const total = {
    initialRequirement: subtractMoney(after.initial, before.initial),
    maintenanceRequirement: subtractMoney(after.maintenance, before.maintenance),
    equity: subtractMoney(after.equity, before.equity),
  };
  const parts = {
    initial: split('initial', total.initialRequirement),
    maintenance: split('maintenance', total.maintenanceRequirement),
    equity: split('equity', total.equity),
  };
  const factors = attributionFactors.map((factor, place): FactorEffect => {
    const [equity, maintenanceRequirement] = [parts.equity[place] as Money, parts.maintenance[place] as Money];
    return {
      factor,
      initialRequirement: parts.initial[place] as Money,
      maintenanceRequirement,
      equity,
      buffer: subtractMoney(equity, maintenanceRequirement),
    };
  });
  return {
    from,
    to,
    total: { ...total, buffer: subtractMoney(total.equity, total.maintenanceRequirement) },
    factors,
  };
}

function amountsOf({ requirement, assessment }: AccountFigures) {
  const { initialRequirement: initial, maintenanceRequirement: maintenance } = requirement;
  const { equity } = assessment;
  if (initial !== null && maintenance !== null && equity !== null) return { initial, maintenance, equity };
  const reasons = [...requirement.qualityReasons, ...assessment.reasons].join('; ');
  throw new DomainError('PRICE_MISSING', `the account cannot be valued: ${reasons}`);
}

function measured(state: PreparedState, which: string): ModelBuffer {
  const measure = measureState(state);
  if (measure.status === 'valued') return measure.figures;
  throw new DomainError('PRICE_MISSING', `the account cannot be valued at ${which}`);
}

/** Rounds parts to money; the remainder against the change falls to the largest. */
function exactParts(parts: readonly number[], change: Money): readonly Money[] {
  const rounded = parts.map((part) => moneyFromModelValue(part, change.currency, 'nearest'));
  const sum = rounded.reduce((total, { amount }) => total.plus(amount), new Decimal(0));
  const largest = parts.reduce(
    (best, part, place) => (Math.abs(part) > Math.abs(parts[best] as number) ? place : best),
    0,
  );
  const left = change.amount.minus(sum);
  return rounded.map((money, place) => (place === largest ? { ...money, amount: money.amount.plus(left) } : money));
}
