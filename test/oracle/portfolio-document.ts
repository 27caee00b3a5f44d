/** The portfolio file as plain JSON: what the oracles read, without any parser of libs/. */
export interface PortfolioDocument {
  readonly asOf: string;
  readonly methodology: string;
  readonly baseCurrency: string;
  readonly cash?: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly parameters?: any;
  readonly market?: {
    readonly underlyings?: readonly DocumentUnderlying[];
    readonly instruments?: readonly DocumentInstrument[];
  };
  readonly positions?: readonly { readonly instrument: string; readonly quantity: string }[];
  readonly collateral?: readonly {
    readonly asset: string;
    readonly quantity: string;
    readonly price: string;
    readonly imHaircut?: number;
    readonly mmHaircut?: number;
    readonly confidence?: number;
    readonly riskCancelling?: boolean;
  }[];
  readonly sensitivities?: readonly {
    readonly productClass: string;
    readonly riskType: string;
    readonly qualifier: string;
    readonly bucket: string;
    readonly tenor: string;
    readonly amountUSD: number;
  }[];
}

export interface DocumentUnderlying {
  readonly id: string;
  readonly kind?: string;
  readonly currency?: string;
  readonly price: string;
  readonly rate?: number;
  readonly dividendYield?: number;
  readonly qualifier?: string;
  readonly sensitivityBucket?: string;
  readonly confidence?: number;
  readonly stablePrice?: string;
  readonly perpetual?: {
    readonly price: string;
    readonly confidence?: number;
    readonly unrealisedPnl?: string;
    readonly unrealisedFunding?: string;
  };
  readonly forwards?: readonly {
    readonly expiry: string;
    readonly price: string;
    readonly rate?: number;
    readonly confidence?: number;
    readonly rateConfidence?: number;
    readonly volatilityConfidence?: number;
  }[];
}

export interface DocumentInstrument {
  readonly id: string;
  readonly type: 'option' | 'future' | 'perpetual' | 'underlying';
  readonly underlying: string;
  readonly right?: 'call' | 'put';
  readonly strike?: string;
  readonly expiry?: string;
  readonly exercise?: 'european' | 'american';
  readonly multiplier?: string;
  readonly settlement?: 'linear' | 'inverse';
  readonly premiumStyle?: string;
  readonly price?: string;
  readonly volatility?: number;
}

/** A position joined with its contract and underlying. */
export interface HeldContract {
  readonly quantity: number;
  readonly multiplier: number;
  readonly instrument: DocumentInstrument;
  readonly underlying: DocumentUnderlying;
}

/** Joins positions, contracts and underlyings. */
export function heldContracts(document: PortfolioDocument): readonly HeldContract[] {
  return (document.positions ?? []).map(({ instrument: id, quantity }) => {
    const instrument = document.market?.instruments?.find((item) => item.id === id) as DocumentInstrument;
    const underlying = document.market?.underlyings?.find(
      (item) => item.id === instrument.underlying,
    ) as DocumentUnderlying;
    return { quantity: Number(quantity), multiplier: Number(instrument.multiplier ?? '1'), instrument, underlying };
  });
}

/** Forward of a contract's expiry: quoted, else spot grown at rate − yield. */
export function forwardOfHeld({ instrument, underlying }: HeldContract, years: number): number {
  const quoted = underlying.forwards?.find(({ expiry }) => Date.parse(expiry) === Date.parse(instrument.expiry ?? ''));
  if (quoted !== undefined) return Number(quoted.price);
  return Number(underlying.price) * Math.exp(((underlying.rate ?? 0) - (underlying.dividendYield ?? 0)) * years);
}
