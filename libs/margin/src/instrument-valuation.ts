import {
  DomainError,
  doubleOf,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  type OptionInstrument,
  type UnderlyingQuote,
  yearsBetween,
} from '@ballast/domain';
import { exp } from '@ballast/pricing';
import { type Carry, carryTo, quotedForward } from './carry';
import { currencyRate } from './fx-to-base';
import { impliedModelVolatility } from './implied-model-volatility';
import type { OptionTerms, ValuationModel } from './option-terms';
import { valueOption } from './option-value';
import { quotedVolatility } from './quoted-volatility';

/** The option side of a valued contract. */
export interface ValuedOption {
  readonly terms: OptionTerms;
  /** Quoted volatility, else implied from the price with the terms' own model [1/√year]. */
  readonly volatility: number;
  /** Model price at that volatility, per unit [instrument currency]: the base of every scenario P&L. */
  readonly modelPrice: number;
}

/** One contract with everything a methodology needs to move it through scenarios. */
export interface ValuedContract {
  readonly instrument: Instrument;
  readonly underlying: UnderlyingQuote;
  /** Price of the underlying [quote currency per unit]. */
  readonly spot: number;
  /** Units of underlying per contract. */
  readonly multiplier: number;
  /** Base currency per unit of the instrument's currency, unshocked. */
  readonly fxToBase: number;
  /** ACT/365F; 0 for a holding of the underlying and for a perpetual. */
  readonly yearsToExpiry: number;
  /** Discounting and carry to the contract's expiry. */
  readonly carry: Carry;
  /** Price that feeds net option value and equity: quoted, else the model's [instrument currency per unit]. */
  readonly mark: number;
  /** Present exactly for options. */
  readonly option?: ValuedOption;
  /** Findings worth telling, for example a price derived from the forward. */
  readonly warnings: readonly string[];
}

/** A valued contract and how many of it are held net. */
export interface ValuedPosition {
  readonly contract: ValuedContract;
  readonly quantity: number;
}

/** Which pricing model a methodology uses for an option contract. */
export interface ModelChoice {
  readonly model: ValuationModel;
  /** Steps of the binomial tree; 801 unless given. */
  readonly steps?: number;
}

export type ContractValuation =
  | { readonly status: 'valued'; readonly contract: ValuedContract }
  | { readonly status: 'indeterminate'; readonly reason: string };

/**
 * Values one contract once, before any scenario.
 *
 * Price only: the volatility is implied with the methodology's own model. Volatility only: the price is the model's.
 * Both: the price feeds net option value and equity, scenarios start from the model price at the volatility.
 * What cannot be valued comes back as `indeterminate` with the reason; it never becomes 0.
 *
 * @param input.chooseModel  model of the methodology for this option
 * @throws DomainError 'INVALID_INSTRUMENT' for a negative strike under a model other than bachelier
 * @throws DomainError 'FX_MISSING' when the instrument's currency cannot be converted to the base currency
 */
export function valueInstrument(input: {
  readonly instrument: Instrument;
  readonly snapshot: MarketSnapshot;
  readonly asOf: Instant;
  readonly baseCurrency: string;
  readonly chooseModel: (instrument: OptionInstrument, underlying: UnderlyingQuote) => ModelChoice;
}): ContractValuation {
  const { instrument, snapshot, asOf, baseCurrency } = input;
  const underlying = snapshot.underlyings.get(instrument.underlying);
  if (underlying === undefined || underlying.price === null) {
    return indeterminate(`${instrument.id}: no price for its underlying ${instrument.underlying}`);
  }
  const spot = doubleOf(underlying.price);
  const fxToBase = currencyRate(snapshot, { from: instrument.currency, to: baseCurrency });
  const yearsToExpiry = 'expiry' in instrument ? yearsBetween(asOf, instrument.expiry) : 0;
  const carry =
    'expiry' in instrument
      ? carryTo({ underlying, expiry: instrument.expiry, spot, yearsToExpiry })
      : { rate: underlying.rate, dividendYield: underlying.dividendYield };
  const multiplier = doubleOf(instrument.multiplier);
  const facts = { instrument, underlying, spot, multiplier, fxToBase, yearsToExpiry, carry };
  const quote = snapshot.instruments.get(instrument.id);
  const price = quote?.mark == null ? null : doubleOf(quote.mark);
  if (instrument.type === 'option') {
    const choice = input.chooseModel(instrument, underlying);
    return valueOptionContract(facts, { instrument, choice, price, volatility: quotedVolatility(quote, choice.model) });
  }
  if (price !== null) return { status: 'valued', contract: { ...facts, mark: price, warnings: [] } };
  const derived = linearPrice(facts);
  const warnings = instrument.type === 'underlying' ? [] : [`${instrument.id}: price derived from the underlying`];
  return { status: 'valued', contract: { ...facts, mark: derived, warnings } };
}

type ContractFacts = Omit<ValuedContract, 'mark' | 'option' | 'warnings'>;

function valueOptionContract(
  facts: ContractFacts,
  quoted: {
    readonly instrument: OptionInstrument;
    readonly choice: ModelChoice;
    readonly price: number | null;
    readonly volatility: number | null;
  },
): ContractValuation {
  const { instrument, choice, price } = quoted;
  const { spot, yearsToExpiry, carry } = facts;
  const { model, steps = 801 } = choice;
  const strike = doubleOf(instrument.strike);
  if (strike < 0 && model !== 'bachelier') {
    throw new DomainError('INVALID_INSTRUMENT', `${instrument.id}: strike ${strike} under ${model}, which needs ≥ 0`);
  }
  if (spot < 0 && model !== 'bachelier')
    return indeterminate(`${instrument.id}: underlying price ${spot} under ${model}`);
  const distance = distantForward(facts, { expiry: instrument.expiry, model });
  if (distance !== null && model !== 'bachelier') {
    return indeterminate(
      `${instrument.id}: no carry leads from the underlying price ${spot} to the forward ${distance.forward} under ${model}`,
    );
  }
  const { right, settlement } = instrument;
  const terms: OptionTerms =
    distance === null
      ? { model, steps, right, strike, rate: carry.rate, dividendYield: carry.dividendYield, settlement }
      : { model, steps, right, strike, ...distance.onForward, settlement };
  let volatility = quoted.volatility;
  if (volatility === null) {
    if (price === null) return indeterminate(`${instrument.id}: neither price nor volatility`);
    const implied =
      yearsToExpiry === 0
        ? ({ status: 'ok', volatility: 0 } as const)
        : impliedModelVolatility({ terms, spot, yearsToExpiry, price });
    if (implied.status !== 'ok') {
      const why = implied.status === 'below-intrinsic' ? 'at or below its intrinsic value' : 'above its largest value';
      return indeterminate(`${instrument.id}: price ${price} is ${why}, no volatility of ${model} gives it`);
    }
    volatility = implied.volatility;
  }
  const modelPrice = valueOption(terms, { spot, yearsToExpiry, volatility });
  if (!Number.isFinite(modelPrice)) return indeterminate(`${instrument.id}: ${model} gives no finite price`);
  const { underlying, multiplier, fxToBase } = facts;
  const [mark, option] = [price ?? modelPrice, { terms, volatility, modelPrice }];
  // Written out: spreading costs as much as valuing.
  return {
    status: 'valued',
    contract: {
      ...{ instrument, underlying, spot, multiplier, fxToBase, yearsToExpiry, carry, mark, option },
      warnings: [],
    },
  };
}

/**
 * A quoted forward that stands beside the underlying price instead of growing out of it: under bachelier that of a
 * future, whose months move by one amount, and whatever has a price or forward at or below 0. null otherwise.
 */
function distantForward(
  { underlying, spot, yearsToExpiry, carry }: ContractFacts,
  { expiry, model }: { readonly expiry: Instant; readonly model: ValuationModel },
): { readonly forward: number; readonly onForward: Carry & { readonly forwardBasis: number } } | null {
  const forward = quotedForward(underlying, expiry)?.price.toNumber();
  if (forward === undefined || yearsToExpiry === 0) return null;
  const grows = spot > 0 && forward > 0;
  if (grows && !(model === 'bachelier' && underlying.kind === 'future')) return null;
  return { forward, onForward: { rate: carry.rate, dividendYield: carry.rate, forwardBasis: forward - spot } };
}

/** Forward of a future (methodology §0 of the file format: forwards, else spot and carry); spot for everything else. */
function linearPrice(facts: ContractFacts): number {
  const { instrument, spot, carry, yearsToExpiry } = facts;
  if (instrument.type !== 'future') return spot;
  const quoted = quotedForward(facts.underlying, instrument.expiry);
  if (quoted !== undefined && yearsToExpiry > 0) return quoted.price.toNumber();
  return spot * exp((carry.rate - carry.dividendYield) * yearsToExpiry);
}

function indeterminate(reason: string): ContractValuation {
  return { status: 'indeterminate', reason };
}
