import type { ExerciseStyle, PremiumStyle, Settlement, UnderlyingKind } from '@ballast/domain';

/** How one of the six demo underlyings behaves. Fictional names; levels and volatilities of a plausible market. */
export interface DemoUnderlying {
  readonly id: string;
  readonly kind: UnderlyingKind;
  readonly currency: string;
  /** Price on the first day of the history [quote currency]. */
  readonly priceAtStart: number;
  /** At-the-money volatility in calm times [1/√year], and how much of the common shock reaches it. */
  readonly volatilityCalm: number;
  readonly marketBeta: number;
  readonly rate: number;
  readonly dividendYield: number;
  /** Slope and curvature of implied volatility in ln(K/F)/√T. */
  readonly skew: number;
  readonly smile: number;
  readonly strikeStep: number;
  /** Strikes listed on either side of the money. */
  readonly strikesPerSide: number;
  readonly tick: number;
  readonly multiplier: string;
  readonly exercise: ExerciseStyle;
  readonly settlement: Settlement;
  readonly premiumStyle: PremiumStyle;
  /** Hour of the day [UTC] at which its options expire. */
  readonly expiryHour: number;
  /** What one trades besides options: the share, a future per expiry, or a perpetual. */
  readonly deltaOne: 'underlying' | 'future' | 'perpetual';
}

const listed = { settlement: 'linear', premiumStyle: 'equity', expiryHour: 21 } as const;

/** Six underlyings of six kinds: a share, two indices, a currency pair, a commodity future and a coin. */
export const demoUnderlyings: readonly DemoUnderlying[] = [
  { ...listed, id: 'ALTA', kind: 'equity', currency: 'USD', priceAtStart: 182.4, volatilityCalm: 0.28, marketBeta: 1.15, rate: 0.041,
    dividendYield: 0.008, skew: -0.09, smile: 0.05, strikeStep: 5, strikesPerSide: 8, tick: 0.01, multiplier: '100',
    exercise: 'american', deltaOne: 'underlying' },
  { ...listed, id: 'BXI', kind: 'broad-index', currency: 'USD', priceAtStart: 4750, volatilityCalm: 0.16, marketBeta: 1, rate: 0.041,
    dividendYield: 0.014, skew: -0.12, smile: 0.04, strikeStep: 100, strikesPerSide: 9, tick: 0.05, multiplier: '100',
    exercise: 'european', deltaOne: 'future' },
  { ...listed, id: 'HCX', kind: 'high-cap-index', currency: 'USD', priceAtStart: 1210, volatilityCalm: 0.19, marketBeta: 1.2, rate: 0.041,
    dividendYield: 0.007, skew: -0.11, smile: 0.04, strikeStep: 25, strikesPerSide: 8, tick: 0.05, multiplier: '100',
    exercise: 'european', deltaOne: 'future' },
  { ...listed, id: 'EURUSD', kind: 'fx', currency: 'USD', priceAtStart: 1.084, volatilityCalm: 0.075, marketBeta: 0.1, rate: 0.041,
    dividendYield: 0.024, skew: -0.02, smile: 0.06, strikeStep: 0.01, strikesPerSide: 4, tick: 0.0001, multiplier: '100000',
    exercise: 'european', deltaOne: 'future' },
  { ...listed, id: 'CRUDE', kind: 'future', currency: 'USD', priceAtStart: 74.2, volatilityCalm: 0.33, marketBeta: 0.5, rate: 0.041,
    dividendYield: 0.041, skew: -0.05, smile: 0.05, strikeStep: 2, strikesPerSide: 5, tick: 0.01, multiplier: '1000',
    exercise: 'european', premiumStyle: 'futures', deltaOne: 'future' },
  { id: 'BTC', kind: 'crypto', currency: 'USD', priceAtStart: 91500, volatilityCalm: 0.52, marketBeta: 0.9, rate: 0,
    dividendYield: 0, skew: -0.03, smile: 0.05, strikeStep: 5000, strikesPerSide: 6, tick: 0.0001, multiplier: '1',
    exercise: 'european', settlement: 'inverse', premiumStyle: 'equity', expiryHour: 8, deltaOne: 'perpetual' },
]; // prettier-ignore
