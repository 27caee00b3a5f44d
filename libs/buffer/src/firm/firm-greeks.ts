import { Decimal } from '@ballast/domain';
import {
  compareText,
  type GreeksGroup,
  type GreeksGrouping,
  groupGreeks,
  type PreparedAnalysis,
  type ValuedContract,
} from '@ballast/margin';
import type { PreparedState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';

/** How the Greeks of a firm are summed. */
export type RiskGrouping = Exclude<GreeksGrouping, 'INSTRUMENT'>;

/** Sums the Greeks of what all accounts of a firm hold together. */
export interface FirmGreeksSum {
  readonly add: (prepared: PreparedState) => void;
  readonly conclude: (by: RiskGrouping) => readonly GreeksGroup[];
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
    conclude: (by) => {
      const lines = [...netByAnalysis.values()].flatMap((net) => [...net.values()]);
      const sorted = lines.sort((left, right) => compareText(orderOf(left), orderOf(right)));
      return groupGreeks(
        sorted.map(({ contract, quantity }) => ({ contract, quantity: quantity.toNumber() })),
        by,
      );
    },
  };
}

/** One contract valued by two models is two lines: their values tell them apart, whoever came first. */
function orderOf({ contract, quantity }: NetContract): string {
  return `${contract.instrument.id} ${contract.mark} ${contract.option?.volatility ?? ''} ${quantity.toFixed()}`;
}
