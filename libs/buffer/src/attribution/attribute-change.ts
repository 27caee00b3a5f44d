import { addMoney, Decimal, DomainError, type Money, moneyFromModelValue, subtractMoney } from '@ballast/domain';
import {
  type AccountFigures,
  evaluateState,
  measureState,
  type ModelBuffer,
  type PreparedState,
} from '../analysis/account-state';
import { finish, type Steps } from '../risk/steps';
import { type AttributionFactor, attributionFactors, heldUnderlyings, prepareMixtures } from './mixed-state';
import { shapleySplit } from './shapley-split';
import { splitAmongUnderlyings } from './underlying-split';

/** Changes of the figures [base currency]. */
export interface FigureEffect {
  readonly initialRequirement: Money;
  readonly maintenanceRequirement: Money;
  readonly equity: Money;
  /** equity − maintenance requirement. */
  readonly buffer: Money;
}

/** A part of a change: of one underlying, or null for what belongs to none (cash, time, parameters, exchange rates). */
export interface UnderlyingEffect extends FigureEffect {
  readonly underlying: string | null;
}

/** What one factor did to the figures; the factors add up to the change exactly. */
export interface FactorEffect extends FigureEffect {
  readonly factor: AttributionFactor;
  /** Parts that add up to the factor exactly, in order of the underlying, null last. */
  readonly byUnderlying: readonly UnderlyingEffect[];
}

/** Why requirement and buffer changed between two instants. */
export interface ChangeAttribution {
  readonly from: AccountFigures;
  readonly to: AccountFigures;
  /** Later − earlier. */
  readonly total: FigureEffect;
  readonly factors: readonly FactorEffect[];
  /** All factors of each underlying; they add up to the change exactly. */
  readonly byUnderlying: readonly UnderlyingEffect[];
}

/** Factors that can be switched for one underlying alone. */
const splitFactors: ReadonlySet<AttributionFactor> = new Set(['trades', 'price', 'volatility', 'rates']);
const keys = ['initial', 'maintenance', 'equity'] as const;
const all = 2 ** attributionFactors.length - 1;

/**
 * Attributes the change of an account between two instants to trades, price, volatility, time, rates, parameters and cash
 * by Shapley's rule over the 128 mixtures of both (methodology §5.6), so no order of the factors is preferred. Trades,
 * price, volatility and rates are split among the underlyings by their mean marginal effects.
 *
 * Effects are rounded to the minor unit, half-even; what rounding leaves over goes to the largest effect, so that they add
 * up to the rounded change to the last digit.
 *
 * @throws DomainError 'CURRENCY_MISMATCH' for two base currencies; 'PRICE_MISSING' when either instant, or a mixture,
 *         cannot be valued
 */
export function attributeChange(earlier: PreparedState, later: PreparedState): ChangeAttribution {
  return finish(attributionSteps(earlier, later));
}

/** Attributes a change as `attributeChange` does, a step per mixture of the two instants. @throws as attributeChange */
export function* attributionSteps(earlier: PreparedState, later: PreparedState): Steps<ChangeAttribution> {
  const currency = earlier.portfolio.baseCurrency;
  if (later.portfolio.baseCurrency !== currency)
    throw new DomainError('CURRENCY_MISMATCH', `from ${currency} to ${later.portfolio.baseCurrency}`, 'baseCurrency');
  const [from, to] = [evaluateState(earlier), evaluateState(later)];
  const [before, after] = [amountsOf(from), amountsOf(to)];
  const measureMix = mixMeasure(earlier, later);
  const figures: ModelBuffer[] = [];
  for (let mask = 0; mask <= all; mask += 1) {
    figures.push(measureMix((factor) => isIn(mask, factor)));
    yield undefined;
  }
  const change = {
    initial: subtractMoney(after.initial, before.initial),
    maintenance: subtractMoney(after.maintenance, before.maintenance),
    equity: subtractMoney(after.equity, before.equity),
  };
  const shares = keys.map((key) =>
    shapleySplit(attributionFactors.length, (mask) => (figures[mask] as ModelBuffer)[key]),
  );
  const parts = keys.map((key, place) => exactParts(shares[place] as readonly number[], change[key]));
  const names = heldUnderlyings(earlier, later);
  const factors: FactorEffect[] = [];
  for (const [place, factor] of attributionFactors.entries()) {
    const amounts = parts.map((own) => own[place] as Money);
    const effect = effectOf(amounts);
    if (!splitFactors.has(factor) || amounts.every(({ amount }) => amount.isZero())) {
      factors.push({ factor, ...effect, byUnderlying: [{ underlying: null, ...effect }] });
      continue;
    }
    const marginals: ReturnType<typeof marginalsOf>[] = [];
    for (const name of [...names, null]) {
      marginals.push(marginalsOf(figures, measureMix, factor, name));
      yield undefined;
    }
    const cells = keys.map((key, index) => {
      const split = splitAmongUnderlyings(
        (shares[index] as readonly number[])[place] as number,
        marginals.map(({ first, last }) => ({ first: first[key], last: last[key] })),
      );
      return exactParts(split, amounts[index] as Money);
    });
    const byUnderlying = [...names, null].map((underlying, name) => ({
      underlying,
      ...effectOf(cells.map((own) => own[name] as Money)),
    }));
    factors.push({ factor, ...effect, byUnderlying });
  }
  const total = effectOf(keys.map((key) => change[key]));
  return { from, to, total, factors, byUnderlying: sumByUnderlying([...names, null], factors, total) };
}

type MeasureMix = (isLater: Parameters<ReturnType<typeof prepareMixtures>>[0]) => ModelBuffer;

function mixMeasure(earlier: PreparedState, later: PreparedState): MeasureMix {
  const mix = prepareMixtures(earlier, later);
  return (isLater) => {
    const count = attributionFactors.filter((factor) => isLater(factor, null)).length;
    const isWhole = [...heldUnderlyings(earlier, later), null].every((name) =>
      attributionFactors.every((factor) => isLater(factor, name) === count > 0),
    );
    if (isWhole) return measured(count > 0 ? later : earlier, count > 0 ? 'the later instant' : 'the earlier instant');
    return measured(mix(isLater), 'a mixture of both instants');
  };
}

/** Effects of one factor of one underlying, switched before everything else and after everything else. */
function marginalsOf(
  figures: readonly ModelBuffer[],
  measureMix: MeasureMix,
  switched: AttributionFactor,
  name: string | null,
): { readonly first: ModelBuffer; readonly last: ModelBuffer } {
  const isSwitched = (factor: AttributionFactor, underlying: string | null) =>
    factor === switched && underlying === name;
  const difference = (later: ModelBuffer, earlier: ModelBuffer): ModelBuffer => ({
    initial: later.initial - earlier.initial,
    maintenance: later.maintenance - earlier.maintenance,
    equity: later.equity - earlier.equity,
  });
  return {
    first: difference(measureMix(isSwitched), figures[0] as ModelBuffer),
    last: difference(
      figures[all] as ModelBuffer,
      measureMix((factor, underlying) => !isSwitched(factor, underlying)),
    ),
  };
}

function isIn(mask: number, factor: AttributionFactor): boolean {
  return (mask & (1 << attributionFactors.indexOf(factor))) !== 0;
}

function effectOf(amounts: readonly Money[]): FigureEffect {
  const [initialRequirement, maintenanceRequirement, equity] = amounts as [Money, Money, Money];
  const buffer = subtractMoney(equity, maintenanceRequirement);
  return { initialRequirement, maintenanceRequirement, equity, buffer };
}

function sumByUnderlying(
  names: readonly (string | null)[],
  factors: readonly FactorEffect[],
  total: FigureEffect,
): readonly UnderlyingEffect[] {
  const zero = { amount: new Decimal(0), currency: total.equity.currency };
  return names.map((underlying) => {
    const own = factors.flatMap(({ byUnderlying }) => byUnderlying.filter((part) => part.underlying === underlying));
    const sumOf = (key: keyof FigureEffect) => own.reduce((sum, part) => addMoney(sum, part[key]), zero);
    return { underlying, ...effectOf([sumOf('initialRequirement'), sumOf('maintenanceRequirement'), sumOf('equity')]) };
  });
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
