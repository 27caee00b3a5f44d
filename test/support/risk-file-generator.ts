// Synthetic risk-parameter files: one invented market, written as .spn XML and as positional .pa2. Shares no code with
// the readers of libs/formats.

export interface SyntheticOption {
  readonly right: 'C' | 'P';
  readonly strike: number;
  readonly losses: readonly number[];
  readonly delta: number;
  readonly price: number;
}

export interface SyntheticMonth {
  /** CCYYMM. */
  readonly month: string;
  readonly id: string;
  readonly price: number;
  readonly losses: readonly number[];
  readonly options: readonly SyntheticOption[];
}

export interface SyntheticCommodity {
  readonly exchange: string;
  readonly code: string;
  readonly combined: string;
  readonly currency: string;
  readonly contractValueFactor: number;
  readonly scanRange: number;
  readonly deltaScaling: number;
  readonly premiumStyle: 'EQTY' | 'FUT';
  readonly months: readonly SyntheticMonth[];
  /** Months of the tiers, by position in `months`: first and last. */
  readonly tiers: readonly (readonly [number, number])[];
  readonly seriesSpread: { readonly rate: number; readonly near: number; readonly far: number };
  readonly tierSpread: { readonly rate: number; readonly near: number; readonly far: number };
  readonly delivery: { readonly month: number; readonly spread: number; readonly outright: number };
  readonly minimum: { readonly rate: number; readonly method: 'GROSS' | 'MAX' };
  readonly speculatorRatio: number;
  readonly isScannedByTier: boolean;
}

export interface SyntheticSpread {
  readonly priority: number;
  /** Fraction; an amount when flat. */
  readonly rate: number;
  readonly method: 'weighted' | 'flat' | 'scanning';
  readonly isSuper: boolean;
  readonly legs: readonly {
    readonly combined: string;
    readonly exchange: string;
    readonly ratio: number;
    readonly side: 'A' | 'B';
  }[];
  readonly target: string | null;
}

export interface SyntheticMarket {
  readonly commodities: readonly SyntheticCommodity[];
  readonly spreads: readonly SyntheticSpread[];
  /** Units of USD per EUR. */
  readonly euroRate: number;
}

/** Size of a market. */
export interface MarketSize {
  readonly commodities: number;
  readonly months: number;
  readonly strikes: number;
  readonly seed?: number;
}

/** Price moves of the fourteen plain scenarios in thirds of the scan range. */
export const thirds = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3];
export const extremeMultiplier = 3;
export const cover = 0.33;
export const exchanges = ['XAA', 'XBB', 'XCC'];

/** Invents a market; the same size and seed give the same market. */
export function inventMarket(size: MarketSize): SyntheticMarket {
  const random = sequence(size.seed ?? 1);
  const commodities = Array.from({ length: size.commodities }, (_, index) => inventCommodity(index, size, random));
  const spreads: SyntheticSpread[] = [];
  for (let index = 0; index + 1 < commodities.length; index += 2) {
    const [left, right] = [commodities[index], commodities[index + 1]] as [SyntheticCommodity, SyntheticCommodity];
    spreads.push({
      priority: index + 1,
      rate: index % 8 === 6 ? 120 : 0.5 + 0.05 * (index % 5),
      method: index % 8 === 6 ? 'flat' : 'weighted',
      isSuper: index % 4 === 2,
      legs: [
        { combined: left.combined, exchange: left.exchange, ratio: 1, side: 'A' },
        { combined: right.combined, exchange: right.exchange, ratio: index % 3 === 0 ? 2 : 1, side: 'B' },
      ],
      target: null,
    });
  }
  return { commodities, spreads, euroRate: 1.0825 };
}

function inventCommodity(index: number, size: MarketSize, random: () => number): SyntheticCommodity {
  const scanRange = 300 * (2 + Math.floor(random() * 20));
  const contractValueFactor = [100, 50, 1000, 250][index % 4] as number;
  const months = Array.from({ length: size.months }, (_, month) => {
    const price = 400 + Math.round(random() * 400) + month;
    return inventMonth({ index, month, price, scanRange, contractValueFactor, strikes: size.strikes });
  });
  const half = Math.max(1, Math.floor(size.months / 2));
  return {
    exchange: exchanges[index % exchanges.length] as string,
    code: `F${String(index).padStart(3, '0')}`,
    combined: `C${String(index).padStart(3, '0')}`,
    currency: index % 5 === 4 ? 'EUR' : 'USD',
    contractValueFactor,
    scanRange,
    deltaScaling: index % 6 === 5 ? 0.5 : 1,
    premiumStyle: index % 7 === 6 ? 'FUT' : 'EQTY',
    months,
    tiers: [
      [0, half - 1],
      [Math.min(half, size.months - 1), size.months - 1],
    ],
    seriesSpread: { rate: 70 + index, near: 0, far: 1 },
    tierSpread: { rate: 100 + index, near: 0, far: 1 },
    delivery: { month: 0, spread: 10 + (index % 3), outright: 25 + (index % 4) },
    minimum: { rate: (index % 4 === 1 ? 9000 : 35) + index, method: index % 2 === 0 ? 'GROSS' : 'MAX' },
    speculatorRatio: 1.1,
    isScannedByTier: index % 10 === 3,
  };
}

function inventMonth(input: {
  readonly index: number;
  readonly month: number;
  readonly price: number;
  readonly scanRange: number;
  readonly contractValueFactor: number;
  readonly strikes: number;
}): SyntheticMonth {
  const { index, month, price, scanRange, contractValueFactor, strikes } = input;
  const year = 2026 + Math.floor((8 + month) / 12);
  const range = scanRange / contractValueFactor;
  const options: SyntheticOption[] = [];
  for (let place = 0; place < strikes; place += 1) {
    const strike = Math.round(price + (place - strikes / 2) * Math.max(0.5, range / 8)) + 0.25;
    for (const right of ['C', 'P'] as const)
      options.push(inventOption({ right, strike, price, range, contractValueFactor }));
  }
  return {
    month: `${year}${String(((8 + month) % 12) + 1).padStart(2, '0')}`,
    id: `${1000 * (index + 1) + month}`,
    price,
    losses: lossesOf(
      (move) => move * range,
      contractValueFactor,
      () => 0,
    ),
    options: options.filter(
      ({ strike }, at) => options.findIndex((other) => other.strike === strike) === at - (at % 2),
    ),
  };
}

/** An option worth ½(x + √(x² + w²)) for x in the money and width w: convex, above intrinsic, quick to invent. */
function inventOption(input: {
  readonly right: 'C' | 'P';
  readonly strike: number;
  readonly price: number;
  readonly range: number;
  readonly contractValueFactor: number;
}): SyntheticOption {
  const { right, strike, price, range, contractValueFactor } = input;
  const sign = right === 'C' ? 1 : -1;
  const value = (spot: number, width: number) => {
    const inside = sign * (spot - strike);
    return (inside + Math.sqrt(inside * inside + width * width)) / 2;
  };
  const inside = sign * (price - strike);
  const delta = (sign * (1 + inside / Math.sqrt(inside * inside + range * range))) / 2;
  return {
    right,
    strike,
    price: Math.round(value(price, range) * 1000) / 1000,
    delta: Math.round(delta * 10_000) / 10_000,
    losses: lossesOf(
      (move, volatility) => value(price + move * range, range * volatility) - value(price, range),
      contractValueFactor,
      (direction) => direction * 0.2,
    ),
  };
}

function lossesOf(
  gain: (move: number, volatility: number) => number,
  contractValueFactor: number,
  shift: (direction: number) => number,
): number[] {
  const plain = thirds.map((third, point) => gain(third / 3, 1 + shift(point % 2 === 0 ? 1 : -1)));
  const extremes = [1, -1].map((side) => cover * gain(side * extremeMultiplier, 1));
  return [...plain, ...extremes].map((value) => Math.round(-value * contractValueFactor) + 0);
}

function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
