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
}
