import type { Instant, Instrument } from '@ballast/domain';
import type { ValuedPosition } from './instrument-valuation';
import { contractGreeks } from './position-greeks';

/** How position Greeks are summed. */
export type GreeksGrouping = 'UNDERLYING' | 'EXPIRY' | 'INSTRUMENT';

/** Position Greeks of one group: raw derivative × quantity × multiplier, summed. */
export interface GreeksGroup {
  /** Underlying; underlying and expiry day (`BTC 2026-12-18`, `BTC no expiry`); or the contract. */
  readonly key: string;
  readonly underlying: string;
  /** Null where contracts have none, or a group has several. */
  readonly expiry: Instant | null;
  /** [units of underlying], long underlying > 0 */
  readonly delta: number;
  readonly gamma: number;
  /** Per 1.00 of volatility [quote currency of the underlying]. */
  readonly vega: number;
  /** Per year [quote currency of the underlying]. */
  readonly theta: number;
  /** Per 1.00 of the rate [quote currency of the underlying]. */
  readonly rho: number;
  /** delta × price of the underlying [its quote currency]. */
  readonly deltaCash: number;
  /** gamma × price of the underlying² [its quote currency]. */
  readonly gammaCash: number;
}

const noGreeks = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, deltaCash: 0, gammaCash: 0 };

/**
 * Sums position Greeks by underlying, by underlying and expiry day (UTC), or by contract.
 *
 * @param positions  summed in their order: give them in one that does not depend on who came first
 * @returns in order of the key
 */
export function groupGreeks(positions: readonly ValuedPosition[], by: GreeksGrouping): readonly GreeksGroup[] {
  const groups = new Map<string, GreeksGroup>();
  for (const { contract, quantity } of positions) {
    const { spot, multiplier } = contract;
    const name = nameOf(contract.instrument, by);
    const before = groups.get(name.key) ?? { ...name, ...noGreeks };
    const raw = contractGreeks(contract);
    const scale = quantity * multiplier;
    groups.set(name.key, {
      ...name,
      expiry: before.expiry === name.expiry ? name.expiry : null,
      delta: before.delta + raw.delta * scale,
      gamma: before.gamma + raw.gamma * scale,
      vega: before.vega + raw.vega * scale,
      theta: before.theta + raw.theta * scale,
      rho: before.rho + raw.rho * scale,
      deltaCash: before.deltaCash + raw.delta * scale * spot,
      gammaCash: before.gammaCash + raw.gamma * scale * spot * spot,
    });
  }
  return [...groups.values()].sort((left, right) => (left.key < right.key ? -1 : 1));
}

function nameOf(instrument: Instrument, by: GreeksGrouping): Pick<GreeksGroup, 'key' | 'underlying' | 'expiry'> {
  const { underlying } = instrument;
  const expiry = 'expiry' in instrument ? instrument.expiry : null;
  if (by === 'UNDERLYING') return { key: underlying, underlying, expiry: null };
  if (by === 'INSTRUMENT') return { key: instrument.id, underlying, expiry };
  const day = expiry === null ? 'no expiry' : new Date(expiry).toISOString().slice(0, 10);
  return { key: `${underlying} ${day}`, underlying, expiry };
}
