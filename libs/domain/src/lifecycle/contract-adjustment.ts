import { Decimal } from '../decimal';
import { DomainError } from '../domain-error';
import type { Deliverable, Instrument, OptionInstrument } from '../instrument';

/** What a company does to its shares, as far as contracts on them must follow. */
export type CorporateAction =
  /** `numerator` new shares for `denominator` old ones: 7 for 1, 3 for 2, 1 for 10. */
  | { readonly kind: 'split'; readonly numerator: number; readonly denominator: number }
  /** Cash per share beyond the ordinary dividends, by which strikes fall. */
  | { readonly kind: 'special-dividend'; readonly amount: Decimal }
  /** The same share under another name. */
  | { readonly kind: 'symbol-change'; readonly newUnderlying: string }
  /** `stockRatio` shares of another company and `cashPerShare` for each share; a ratio of 0 is a cash merger. */
  | {
      readonly kind: 'merger';
      readonly newUnderlying?: string;
      readonly stockRatio: Decimal;
      readonly cashPerShare: Decimal;
    };

/** What becomes of a contract. */
export type ContractAdjustment =
  | {
      readonly outcome: 'replaced';
      /** Terms from now on; the identifier is the old one where the caller has to find a new one. */
      readonly instrument: Instrument;
      readonly isNewContract: boolean;
      /** Contracts now per contract before. */
      readonly quantityFactor: Decimal;
      /** average price now = (before − averageOffset) × averageFactor */
      readonly averageFactor: Decimal;
      readonly averageOffset: Decimal;
    }
  /** The contract ends: its right to buy or sell has become a certain amount. */
  | {
      readonly outcome: 'ended';
      /** Units of the new share per contract held, > 0 for a long call. */
      readonly unitsReceived: Decimal;
      /** Cash per contract held [contract currency]; received > 0. */
      readonly cashReceived: Decimal;
    };

/** Digits to which adjusted strikes are stated: none is lost that an exchange of the world keeps. */
const strikeDecimals = 10;

/**
 * Adjusts the terms of a contract so that no holder gains or loses.
 *
 * - split into a whole number n: n × contracts, strike / n; other ratios r: same contracts, strike / r, multiplier × r
 *   (3 for 2 on 100 shares: 150). Strikes keep 10 decimals; an exchange that rounds to the cent moves the value of a
 *   contract by up to half a cent per share, ours does not
 * - special dividend D: strike − D; a future falls by D, so does its average price
 * - merger into r shares and c cash: the deliverable is r × multiplier new shares and c × multiplier cash; as an option on
 *   the new share its multiplier is r × multiplier and its strike (K − c)/r: max(r·S′ + c − K, 0) = r · max(S′ − (K − c)/r, 0)
 * - a strike of 0 or less after that: the call is certain to be exercised and ends as its deliverable, the put is worthless
 *
 * Source: OCC By-Laws article VI section 11A; Eurex contract specifications 2.6.10 (ratio method).
 *
 * @param share  what the contract hands over after a merger or a change of name: identifier of the new share's holding
 * @throws DomainError 'INVALID_LIFECYCLE_EVENT' for a ratio or an amount that is not above 0, or a coin-settled contract
 */
export function adjustContract(
  instrument: Instrument,
  action: CorporateAction,
  share: { readonly instrumentId: string },
): ContractAdjustment {
  if (instrument.settlement === 'inverse') refuse(`${instrument.id}: coin-settled contracts know no corporate actions`);
  if (action.kind === 'split') return adjustForSplit(instrument, action);
  if (action.kind === 'special-dividend') return adjustForSpecialDividend(instrument, action.amount);
  if (action.kind === 'symbol-change') {
    return replaced(renamed(instrument, action.newUnderlying, share), { isNewContract: true });
  }
  return adjustForMerger(instrument, action, share);
}

function adjustForSplit(
  instrument: Instrument,
  { numerator, denominator }: CorporateAction & { readonly kind: 'split' },
): ContractAdjustment {
  for (const [name, value] of Object.entries({ numerator, denominator })) {
    if (!Number.isInteger(value) || value < 1) refuse(`${name}: expected a whole number above 0, got ${value}`);
  }
  const ratio = new Decimal(numerator).div(denominator);
  const averageFactor = new Decimal(denominator).div(numerator);
  const isWhole = numerator % denominator === 0;
  if (instrument.type === 'underlying') {
    return replaced(instrument, { isNewContract: false, quantityFactor: ratio, averageFactor });
  }
  const multiplier = isWhole ? instrument.multiplier : rounded(instrument.multiplier.times(numerator).div(denominator));
  const quantityFactor = isWhole ? ratio : new Decimal(1);
  const deliverable = splitDeliverable(instrument.deliverable, { ratio, isWhole });
  const terms = { ...instrument, multiplier, ...(deliverable === undefined ? {} : { deliverable }) };
  if (terms.type !== 'option') {
    return replaced(terms, { isNewContract: !isWhole, quantityFactor, averageFactor });
  }
  const strike = rounded(terms.strike.times(denominator).div(numerator));
  return replaced({ ...terms, strike }, { isNewContract: true, quantityFactor, averageFactor });
}

function adjustForSpecialDividend(instrument: Instrument, amount: Decimal): ContractAdjustment {
  if (!amount.greaterThan(0)) refuse(`amount: expected more than 0, got ${amount.toFixed()}`);
  if (instrument.type === 'underlying') return replaced(instrument, { isNewContract: false });
  if (instrument.type !== 'option') return replaced(instrument, { isNewContract: false, averageOffset: amount });
  const strike = instrument.strike.minus(amount);
  if (!strike.greaterThan(0)) {
    // (S − D) − (K − D) per unit is certain: S now stands without the dividend.
    return ended(instrument, { units: instrument.multiplier, cash: strike.negated().times(instrument.multiplier) });
  }
  return replaced({ ...instrument, strike }, { isNewContract: true });
}

function adjustForMerger(
  instrument: Instrument,
  { stockRatio, cashPerShare, newUnderlying }: CorporateAction & { readonly kind: 'merger' },
  share: { readonly instrumentId: string },
): ContractAdjustment {
  if (stockRatio.isNegative() || cashPerShare.isNegative()) refuse('stockRatio and cashPerShare must not be negative');
  if (stockRatio.isZero()) return adjustForCashMerger(instrument, cashPerShare);
  if (newUnderlying === undefined) refuse('newUnderlying is needed where shares are handed over');
  const underlying = newUnderlying as string;
  const averageFactor = new Decimal(1).div(stockRatio);
  if (instrument.type === 'underlying') {
    // The cash itself is paid to the holder beside this.
    const terms = { ...instrument, id: share.instrumentId, underlying };
    return replaced(terms, {
      isNewContract: true,
      quantityFactor: stockRatio,
      averageFactor,
      averageOffset: cashPerShare,
    });
  }
  const multiplier = rounded(instrument.multiplier.times(stockRatio));
  const cash = (instrument.deliverable?.cash ?? new Decimal(0)).plus(cashPerShare.times(instrument.multiplier));
  const deliverable = { components: [{ instrumentId: share.instrumentId, quantity: multiplier }], cash };
  const terms = { ...instrument, underlying, multiplier, deliverable };
  if (terms.type !== 'option') {
    return replaced(terms, { isNewContract: true, averageFactor, averageOffset: cashPerShare });
  }
  const strike = rounded(terms.strike.minus(cashPerShare).div(stockRatio));
  if (!strike.greaterThan(0)) return ended(terms, { units: multiplier, cash: strike.negated().times(multiplier) });
  return replaced({ ...terms, strike }, { isNewContract: true, averageFactor });
}

/** Shares that became cash: an option is worth its intrinsic value for certain, a future its difference. */
function adjustForCashMerger(instrument: Instrument, cashPerShare: Decimal): ContractAdjustment {
  if (!cashPerShare.greaterThan(0)) refuse('a merger hands over shares, cash or both');
  const nothing = new Decimal(0);
  if (instrument.type === 'option') {
    const difference = cashPerShare.minus(instrument.strike).times(instrument.right === 'call' ? 1 : -1);
    const cashReceived = difference.isNegative() ? nothing : difference.times(instrument.multiplier);
    return { outcome: 'ended', unitsReceived: nothing, cashReceived };
  }
  // What a future gains is variation against its average price, which the book knows and the terms do not.
  return { outcome: 'ended', unitsReceived: nothing, cashReceived: cashPerShare.times(instrument.multiplier) };
}

function ended(
  option: OptionInstrument,
  call: { readonly units: Decimal; readonly cash: Decimal },
): ContractAdjustment {
  const nothing = new Decimal(0);
  if (option.right === 'put') return { outcome: 'ended', unitsReceived: nothing, cashReceived: nothing };
  return { outcome: 'ended', unitsReceived: call.units, cashReceived: call.cash };
}

function replaced(
  instrument: Instrument,
  change: {
    readonly isNewContract: boolean;
    readonly quantityFactor?: Decimal;
    readonly averageFactor?: Decimal;
    readonly averageOffset?: Decimal;
  },
): ContractAdjustment {
  const one = new Decimal(1);
  return {
    outcome: 'replaced',
    instrument,
    isNewContract: change.isNewContract,
    quantityFactor: change.quantityFactor ?? one,
    averageFactor: change.averageFactor ?? one,
    averageOffset: change.averageOffset ?? new Decimal(0),
  };
}

function renamed(instrument: Instrument, underlying: string, share: { readonly instrumentId: string }): Instrument {
  const { deliverable } = instrument;
  if (deliverable === undefined) return { ...instrument, underlying };
  const components = deliverable.components.map(({ quantity }) => ({ instrumentId: share.instrumentId, quantity }));
  return { ...instrument, underlying, deliverable: { ...deliverable, components } };
}

function splitDeliverable(
  deliverable: Deliverable | undefined,
  { ratio, isWhole }: { readonly ratio: Decimal; readonly isWhole: boolean },
): Deliverable | undefined {
  if (deliverable === undefined) return undefined;
  // More contracts share the same cash; more units per contract keep it.
  if (isWhole) return { ...deliverable, cash: rounded(deliverable.cash.div(ratio)) };
  const components = deliverable.components.map(({ instrumentId, quantity }) => {
    return { instrumentId, quantity: rounded(quantity.times(ratio)) };
  });
  return { ...deliverable, components };
}

function rounded(value: Decimal): Decimal {
  return value.toDecimalPlaces(strikeDecimals, Decimal.ROUND_HALF_EVEN);
}

function refuse(reason: string): never {
  throw new DomainError('INVALID_LIFECYCLE_EVENT', reason);
}
