/** Tools against procyclicality of EMIR RTS 153/2013 Art. 28(1): (a) BUFFER, (b) STRESSED_WEIGHT, (c) FLOOR. */
export type ProcyclicalityTool = 'NONE' | 'BUFFER' | 'STRESSED_WEIGHT' | 'FLOOR';

/** In the order of the regulation, without any first. */
export const procyclicalityTools: readonly ProcyclicalityTool[] = ['NONE', 'BUFFER', 'STRESSED_WEIGHT', 'FLOOR'];

/** How the tools are set. */
export interface ProcyclicalityTerms {
  /** Part of the requirement that BUFFER adds in calm times, 0.25. */
  readonly bufferShare: number;
  /** Fast / slow volatility from which BUFFER is drawn. */
  readonly stressRatio: number;
  /** Weight of the stressed requirement, 0.25. */
  readonly stressedWeight: number;
}

/** One day's requirements under the three scales, and the state of the market [fractions of notional]. */
export interface RequirementFigures {
  readonly present: number;
  readonly longRun: number;
  readonly stressed: number;
  /** Fast / slow volatility, > 0. */
  readonly volatilityRatio: number;
}

/**
 * States a requirement under each tool: present; present × (1 + share), the share drawn once fast / slow volatility
 * reaches the stress ratio; (1 − w) present + w stressed; the larger of present and long-run.
 *
 * @returns in the unit of the figures
 */
export function requirementsByTool(
  figures: RequirementFigures,
  terms: ProcyclicalityTerms,
): Readonly<Record<ProcyclicalityTool, number>> {
  const { present, longRun, stressed, volatilityRatio } = figures;
  const { bufferShare, stressRatio, stressedWeight } = terms;
  return {
    NONE: present,
    BUFFER: volatilityRatio >= stressRatio ? present : (1 + bufferShare) * present,
    STRESSED_WEIGHT: (1 - stressedWeight) * present + stressedWeight * stressed,
    FLOOR: Math.max(present, longRun),
  };
}
