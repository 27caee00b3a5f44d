import type { UnderlyingKind } from '@ballast/domain';

/** Figures by which a recommended buffer is sized; dated, the set with the latest date not after the account's applies. */
export interface SizingParameters {
  /** First day, `2026-01-01`. */
  readonly effectiveFrom: string;
  readonly source: string;
  /** Share of the maintenance requirement kept at least, by kind of underlying; the largest of those held applies. */
  readonly floorByKind: Readonly<Record<UnderlyingKind, number>>;
  /** Expected shortfall: confidence and trading days until everything is liquidated. */
  readonly shortfallConfidence: number;
  readonly liquidationDays: number;
  /** λ of the fast and the slow volatility, and the share of the requirement at a ratio of 1. */
  readonly fastDecay: number;
  readonly slowDecay: number;
  readonly volatilityShare: number;
  /** Ratio of volatilities beyond which the share grows no more. */
  readonly volatilityRatioMaximum: number;
  /** Largest part of the gross exposure in one underlying that adds nothing, and the share of the excess that is added. */
  readonly concentrationFree: number;
  readonly concentrationShare: number;
  /** Share of the requirement by leverage (gross exposure / equity): the last tier reached applies. */
  readonly leverageTiers: readonly { readonly from: number; readonly share: number }[];
  /** Share of the requirement kept in calm times that may be drawn in stress (EMIR RTS 153/2013 Art. 28(1)(a)). */
  readonly procyclicalityBuffer: number;
  /** Ratio of fast to slow volatility from which the market is in stress and that buffer may be drawn. */
  readonly stressRatio: number;
  /** Weight of the long-run, stressed shortfall beside the present one, 0 … 1 (Art. 28(1)(b)). */
  readonly stressWeight: number;
  /** Years of 252 returns that the long-run shortfall looks back on, where there are as many (Art. 28(1)(c)). */
  readonly floorYears: number;
  /** What closing positions costs. */
  readonly liquidity: LiquidityTerms;
}

/** Figures by which size is charged; all ≥ 0. */
export interface LiquidityTerms {
  /** Share of a contract's open interest that can be closed at its bid-ask. */
  readonly openInterestShare: number;
  /** Share of a day's volume that can be traded without moving the price. */
  readonly volumeShare: number;
  /** Spreads that each contract beyond these costs on top of half a spread. */
  readonly excessSpreads: number;
  /** Spread assumed without a two-sided quote, as a share of the price: of options, and of everything else. */
  readonly optionSpread: number;
  readonly otherSpread: number;
}
