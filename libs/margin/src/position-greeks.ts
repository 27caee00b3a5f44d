import type { ValuedContract, ValuedPosition } from './instrument-valuation';
import type { UnderlyingGreeks } from './margin-requirement';
import { optionGreeks, type RawGreeks } from './option-greeks';
import type { SharedContracts } from './shared-contracts';
import { groupByUnderlying } from './value-positions';

/**
 * Sums position Greeks per underlying: raw derivative × quantity × multiplier (contract §1). Delta and gamma count
 * units of underlying; vega, theta and rho are in the underlying's quote currency.
 *
 * Futures, perpetuals and holdings of the underlying have delta 1 per unit and nothing else.
 *
 * @param shared  raw Greeks of earlier portfolios, read and added to
 */
export function computePositionGreeks(
  positions: readonly ValuedPosition[],
  shared?: Pick<SharedContracts, 'greeks'>,
): readonly UnderlyingGreeks[] {
  return [...groupByUnderlying(positions)].map(([underlying, members]) => {
    const sum = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0 };
    for (const { contract, quantity } of members) {
      const raw = shared?.greeks.get(contract) ?? contractGreeks(contract);
      shared?.greeks.set(contract, raw);
      const scale = quantity * contract.multiplier;
      sum.delta += raw.delta * scale;
      sum.gamma += raw.gamma * scale;
      sum.vega += raw.vega * scale;
      sum.theta += raw.theta * scale;
      sum.rho += raw.rho * scale;
    }
    return { underlying, ...sum };
  });
}

/** Raw Greeks of one contract per unit of underlying. */
export function contractGreeks(contract: ValuedContract): RawGreeks {
  const { option, spot, yearsToExpiry } = contract;
  if (option === undefined) return { delta: 1, gamma: 0, vega: 0, theta: 0, rho: 0 };
  return optionGreeks(option.terms, { spot, yearsToExpiry, volatility: option.volatility });
}
