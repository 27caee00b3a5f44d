import { Decimal, type Instant } from '@ballast/domain';
import { contractGreeks, type PreparedAnalysis, type ValuedContract } from '@ballast/margin';
import type { PreparedState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';

/** How the Greeks of a firm are summed. */
export type RiskGrouping = 'UNDERLYING' | 'EXPIRY';

/** Greeks of what all accounts of a firm hold together: raw derivative × net quantity × multiplier, summed. */
export interface FirmGreeks {
  /** Underlying, or underlying and expiry day: `BTC 2026-12-18`, `BTC no expiry`. */
  readonly key: string;
  readonly underlying: string;
  /** Null where contracts have none, or a group has several. */
  readonly expiry: Instant | null;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly rho: number;
  /** delta × price of the underlying [its quote currency]. */
  readonly deltaCash: number;
  readonly gammaCash: number;
}

export interface FirmGreeksSum {
  readonly add: (prepared: PreparedState) => void;
  readonly conclude: (by: RiskGrouping) => readonly FirmGreeks[];
}

interface NetContract {
  readonly contract: ValuedContract;
  quantity: Decimal;
}

/**
 * Begins the net Greeks of a firm: quantities are netted contract by contract first, exactly, so that the order of the
 * accounts does not matter and each contract is differentiated once. Contracts are valued by the model of each account's
 * methodology.
 */
export function sumFirmGreeks(): FirmGreeksSum {
  const netByAnalysis = new Map<PreparedAnalysis, Map<string, NetContract>>();
  return {
    add: (prepared) => {
      const { portfolio, rules } = prepared;
      const net = netByAnalysis.get(rules.analysis) ?? new Map<string, NetContract>();
      netByAnalysis.set(rules.analysis, net);
      const added = portfolio.positions.map(({ instrument }) => instrument).filter(({ id }) => !net.has(id));
      if (added.length > 0)
        for (const [id, contract] of valueContracts(prepared, added))
          net.set(id, { contract, quantity: new Decimal(0) });
      for (const { instrument, quantity } of portfolio.positions) {
        const line = net.get(instrument.id);
        if (line !== undefined) line.quantity = line.quantity.plus(quantity);
      }
    },
    conclude: (by) =>
      sum(
        [...netByAnalysis.values()].flatMap((net) => [...net.values()]),
        by,
      ),
  };
}

function sum(lines: readonly NetContract[], by: RiskGrouping): readonly FirmGreeks[] {
  const sorted = [...lines].sort((left, right) => compare(orderOf(left), orderOf(right)));
  const groups = new Map<string, FirmGreeks>();
  for (const { contract, quantity } of sorted) {
    const { instrument, spot, multiplier } = contract;
    const expiry = 'expiry' in instrument ? instrument.expiry : null;
    const day = expiry === null ? 'no expiry' : new Date(expiry).toISOString().slice(0, 10);
    const key = by === 'UNDERLYING' ? instrument.underlying : `${instrument.underlying} ${day}`;
    const before = groups.get(key) ?? {
      ...{ key, underlying: instrument.underlying, expiry: by === 'UNDERLYING' ? null : expiry },
      ...{ delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, deltaCash: 0, gammaCash: 0 },
    };
    const raw = contractGreeks(contract);
    const scale = quantity.toNumber() * multiplier;
    groups.set(key, {
      ...before,
      delta: before.delta + raw.delta * scale,
      gamma: before.gamma + raw.gamma * scale,
      vega: before.vega + raw.vega * scale,
      theta: before.theta + raw.theta * scale,
      rho: before.rho + raw.rho * scale,
      deltaCash: before.deltaCash + raw.delta * scale * spot,
      gammaCash: before.gammaCash + raw.gamma * scale * spot * spot,
    });
  }
  return [...groups.values()].sort((left, right) => compare(left.key, right.key));
}

/** One contract valued by two models is two lines: their values tell them apart, whoever came first. */
function orderOf({ contract, quantity }: NetContract): string {
  return `${contract.instrument.id} ${contract.mark} ${contract.option?.volatility ?? ''} ${quantity.toFixed()}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
