import { signedPercent } from '../signed-percent';
import type { CryptoPmUnderlyingParameters } from './crypto-pm-parameters';

export type CryptoPmVolatilityMove = 'up' | 'same' | 'down';

/** One cell of the risk matrix of an underlying. */
export interface CryptoPmScenario {
  /** Relative price move, > −1. */
  readonly move: number;
  readonly volatility: CryptoPmVolatilityMove;
  readonly table: 'inner' | 'extended';
}

const quarters = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
const volatilityMoves: readonly CryptoPmVolatilityMove[] = ['up', 'same', 'down'];

/**
 * Lists the cells of the risk matrix (methodology §3.1): nine prices ascending from −priceRange to +priceRange in
 * quarters, each with volatility up, same and down, then the extended moves in their own order with volatility up.
 */
export function cryptoPmScenarios(parameters: CryptoPmUnderlyingParameters): readonly CryptoPmScenario[] {
  const inner = quarters.flatMap((quarter) =>
    volatilityMoves.map((volatility) => ({
      move: quarter * parameters.priceRange,
      volatility,
      table: 'inner' as const,
    })),
  );
  const extended = parameters.extendedMoves.map((move) => ({
    move,
    volatility: 'up' as const,
    table: 'extended' as const,
  }));
  return [...inner, ...extended];
}

/** Writes a cell in words, for example `price −16 %, volatility up`. */
export function cryptoPmLabel(scenario: CryptoPmScenario): string {
  const table = scenario.table === 'extended' ? ' (extended table)' : '';
  return `price ${signedPercent(scenario.move)}, volatility ${scenario.volatility}${table}`;
}
