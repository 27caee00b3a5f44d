import type { LiquidityCharge } from './liquidity-charge';
import type { SizingParameters } from './sizing-parameters';

/** Stable names of the components of a recommended buffer. */
export type SizingComponentName =
  | 'asset-class-floor'
  | 'expected-shortfall'
  | 'volatility-scaled'
  | 'liquidity'
  | 'concentration'
  | 'leverage'
  | 'anti-procyclicality';

/** One reason for a buffer. */
export interface SizingComponent {
  readonly name: SizingComponentName;
  /** [base currency], ≥ 0, unrounded. */
  readonly amount: number;
  /** What the amount was computed from. */
  readonly inputs: Readonly<Record<string, number>>;
  /** What the figures do not say: which positions are large for their market, and which lack figures; empty mostly. */
  readonly explanation: readonly string[];
  /** Whether it is the largest, which decides. */
  readonly binding: boolean;
}

/** What the components are computed from; amounts in base currency. */
export interface SizingFacts {
  readonly maintenance: number;
  readonly equity: number;
  /** Σ |delta × price × quantity × multiplier|; of coin-settled contracts Σ |delta × quantity × multiplier| coins. */
  readonly gross: number;
  /** The part of it in the largest underlying. */
  readonly largest: number;
  /** Largest floor share of the kinds held. */
  readonly floorShare: number;
  /** Cost of closing everything held. */
  readonly liquidity: LiquidityCharge;
  readonly shortfall: number;
  readonly longRunShortfall: number;
  /** Fast / slow volatility, weighted by exposure. */
  readonly volatilityRatio: number;
}

/** A component before it is known which one binds. */
export type SizingDraft = Omit<SizingComponent, 'binding' | 'explanation'> &
  Partial<Pick<SizingComponent, 'explanation'>>;

/** Computes every component of a recommended buffer, in a fixed order. */
export function componentsOf(facts: SizingFacts, parameters: SizingParameters): SizingDraft[] {
  const { maintenance, equity, gross, largest, floorShare, liquidity, shortfall, longRunShortfall } = facts;
  const ratio = Math.min(parameters.volatilityRatioMaximum, Math.max(1, facts.volatilityRatio));
  const leverage = equity > 0 ? gross / equity : Infinity;
  const tier = parameters.leverageTiers.filter(({ from }) => leverage >= from).at(-1)?.share ?? 0;
  const share = gross > 0 ? largest / gross : 0;
  const excess = Math.max(0, share - parameters.concentrationFree);
  const calm = facts.volatilityRatio >= parameters.stressRatio ? 0 : parameters.procyclicalityBuffer * maintenance;
  const { stressWeight, stressRatio, floorYears, procyclicalityBuffer, fastDecay, slowDecay } = parameters;
  const weighted = (1 - stressWeight) * shortfall + stressWeight * longRunShortfall;
  const {
    liquidationDays: days,
    shortfallConfidence: confidence,
    volatilityRatioMaximum,
    volatilityShare,
  } = parameters;
  const { concentrationFree: free, concentrationShare: excessShare } = parameters;
  return [
    { name: 'asset-class-floor', amount: floorShare * maintenance, inputs: { share: floorShare, maintenance } },
    { name: 'expected-shortfall', amount: shortfall, inputs: { days, confidence } },
    {
      name: 'volatility-scaled',
      amount: volatilityShare * ratio * maintenance,
      inputs: {
        share: volatilityShare,
        ratio,
        ratioMaximum: volatilityRatioMaximum,
        fastDecay,
        slowDecay,
        maintenance,
      },
    },
    { name: 'liquidity', ...liquidity },
    { name: 'concentration', amount: excessShare * excess * gross, inputs: { share, free, excessShare, gross } },
    { name: 'leverage', amount: tier * maintenance, inputs: { leverage, share: tier, maintenance } },
    {
      name: 'anti-procyclicality',
      amount: Math.max(calm, weighted, longRunShortfall),
      inputs: {
        ...{ calmBuffer: calm, calmShare: procyclicalityBuffer, volatilityRatio: facts.volatilityRatio, stressRatio },
        ...{ weightedShortfall: weighted, stressWeight, longRunShortfall, floorYears },
      },
    },
  ];
}
