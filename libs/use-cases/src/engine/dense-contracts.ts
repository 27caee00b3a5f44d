import { unitMarketExposure } from '@ballast/buffer';
import { type Decimal, type Instant, type Instrument, type MarketSnapshot } from '@ballast/domain';
import { type DenseSpanBook, isPremiumStyleOption } from '@ballast/margin';
import { positionText, termsText } from '../run/account-input-hash';
import { ByteColumn } from './byte-column';

/** What contracts are valued on. */
export interface DenseMarket {
  readonly snapshot: MarketSnapshot;
  readonly asOf: Instant;
  readonly baseCurrency: string;
}

/** Exposures are counted in these parts of the base currency. */
export const exposureUnits = 1_000_000;

/** The contracts of a run as the accounts of one currency hold them: columns by the number that the run gave them. */
export class DenseContracts {
  /** Place in the columns of the book; −1 where an account that holds it has to be computed in full. */
  readonly places: number[] = [];
  /** Canonical text of a position in it up to the quantity. */
  readonly heads = new ByteColumn();
  /** Canonical text of its terms. */
  readonly terms = new ByteColumn();
  /** Gross exposure of one contract in units of 1e-6 base currency; NaN where it is no whole number of them. */
  readonly exposures: number[] = [];
  /** Whether its value is net option value, and in the base currency: nothing of it is left for the equity. */
  readonly isNetted: boolean[] = [];

  constructor(
    readonly book: DenseSpanBook,
    readonly market: DenseMarket,
  ) {}

  /** Takes the contracts that the run met since the last call into the columns, and values them in one call. */
  meet(contracts: readonly Instrument[]): void {
    const fresh = contracts.slice(this.places.length);
    if (fresh.length === 0) return;
    const places = this.book.place(fresh);
    fresh.forEach((instrument, index) => {
      this.places.push(places[index] as number);
      this.heads.push(positionText(instrument.id, '').slice(0, -2));
      this.terms.push(termsText(instrument));
      this.exposures.push(wholeExposure(instrument, this.market));
      this.isNetted.push(instrument.currency === this.market.baseCurrency && isPremiumStyleOption(instrument));
    });
  }
}

function wholeExposure(instrument: Instrument, { snapshot, asOf, baseCurrency }: DenseMarket): number {
  const mark = snapshot.instruments.get(instrument.id)?.mark;
  if (mark != null && instrument.currency === baseCurrency && instrument.settlement === 'linear') {
    const plain = plainExposure(instrument.multiplier, mark);
    if (plain !== null) return plain;
  }
  const conversion = { snapshot, baseCurrency, fxHaircuts: {} };
  const portfolio = { asOf, methodology: 'SPAN', baseCurrency, positions: [], cash: [], collateral: [] } as const;
  try {
    const exposure = unitMarketExposure(instrument, { portfolio, conversion })?.times(exposureUnits);
    return exposure?.isInteger() === true ? exposure.toNumber() : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

/** |multiplier × price| in whole units, where a float holds it exactly; null where that is not sure. */
function plainExposure(multiplier: Decimal, price: Decimal): number | null {
  if (multiplier.decimalPlaces() + price.decimalPlaces() > unitDecimals) return null;
  const units = Math.abs(multiplier.toNumber() * price.toNumber()) * exposureUnits;
  return units < exactLimit ? Math.round(units) : null;
}

/** exposureUnits has so many zeros. */
const unitDecimals = 6;
/** Below 2^48 the product is less than half a unit off. */
const exactLimit = 2 ** 48;
