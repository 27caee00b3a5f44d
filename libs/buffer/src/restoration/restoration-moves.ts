import { Decimal, DomainError, type Instrument } from '@ballast/domain';
import type { PreparedState } from '../analysis/account-state';
import { markOf } from '../analysis/account-trade';
import { valueContracts } from '../analysis/contract-values';
import type { TradeTerms } from '../analysis/trade-space';

/** What trading costs where the market does not say it. */
export interface TradeCosts {
  /** Half of the bid-ask spread as a fraction of the price, used for contracts without both quotes; 0…1. */
  readonly halfSpread: number;
  /** Fees per contract, bought or sold [instrument currency], ≥ 0. */
  readonly feePerContract: Decimal;
}

/** Contracts of one instrument in one direction that a plan may trade. */
export interface RestorationMove extends Required<TradeTerms> {
  /** 1 = buy, −1 = sell. */
  readonly sign: 1 | -1;
  /** Contracts at most. */
  readonly maximum: number;
  /** Size of the holding that it closes; null for a hedge. */
  readonly held: Decimal | null;
}

/**
 * Lists what a plan may do: close each holding, in whole or in part, and buy or sell each hedge. A contract is bought at
 * its ask and sold at its bid, or at its mark ± the half spread where the market does not quote both.
 *
 * @returns closings in the order of identifiers, then hedges in the order given; a hedge never repeats a closing
 * @throws DomainError 'PRICE_MISSING'; 'INVALID_POSITION' for a maximum that is not above 0
 */
export function listRestorationMoves(
  prepared: PreparedState,
  input: {
    readonly hedges: readonly { readonly instrument: Instrument; readonly maximum: number }[];
    readonly costs: TradeCosts;
  },
): readonly RestorationMove[] {
  const { hedges, costs } = input;
  checkCosts(costs);
  const net = netHoldings(prepared);
  const instruments = [...net.values(), ...hedges].map(({ instrument }) => instrument);
  const values = valueContracts(prepared, instruments);
  const termsOf = (instrument: Instrument, sign: 1 | -1) => ({
    instrument,
    price: dealingPrice(prepared, instrument, { sign, mark: values.get(instrument.id)?.mark ?? NaN, costs }),
    feePerContract: costs.feePerContract,
    sign,
  });
  const closings = [...net.values()].map(({ instrument, quantity }): RestorationMove => {
    const held = quantity.abs();
    return { ...termsOf(instrument, quantity.isNegative() ? 1 : -1), maximum: held.toNumber(), held };
  });
  const opened = hedges.flatMap(({ instrument, maximum }, index) => {
    if (!(maximum > 0 && Number.isFinite(maximum))) {
      const message = `hedge in ${instrument.id}: at most ${maximum} contracts, expected more than 0`;
      throw new DomainError('INVALID_POSITION', message, `hedges[${index}].maximum`);
    }
    const whole = Math.floor(maximum);
    const holding = net.get(instrument.id)?.quantity;
    const sides: readonly (1 | -1)[] = holding === undefined ? [1, -1] : [holding.isNegative() ? -1 : 1];
    return sides.map((sign): RestorationMove => ({ ...termsOf(instrument, sign), maximum: whole, held: null }));
  });
  return [...closings, ...opened].filter(({ maximum }) => maximum > 0);
}

function netHoldings({ portfolio }: PreparedState) {
  const net = new Map<string, { readonly instrument: Instrument; readonly quantity: Decimal }>();
  for (const { instrument, quantity } of portfolio.positions) {
    const before = net.get(instrument.id)?.quantity ?? new Decimal(0);
    net.set(instrument.id, { instrument, quantity: before.plus(quantity) });
  }
  const held = [...net].filter(([, { quantity }]) => !quantity.isZero());
  return new Map(held.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function dealingPrice(
  prepared: PreparedState,
  instrument: Instrument,
  input: { readonly sign: 1 | -1; readonly mark: number; readonly costs: TradeCosts },
): Decimal {
  const { sign, costs } = input;
  const quote = prepared.snapshot.instruments.get(instrument.id);
  if (quote !== undefined && quote.bid !== null && quote.ask !== null) return sign > 0 ? quote.ask : quote.bid;
  const mark = markOf(prepared, instrument, input.mark);
  return mark.plus(mark.abs().times(costs.halfSpread).times(sign));
}

function checkCosts({ halfSpread, feePerContract }: TradeCosts): void {
  if (!(halfSpread >= 0 && halfSpread <= 1))
    throw new DomainError(
      'INVALID_POSITION',
      `costs.halfSpread: expected 0 to 1, got ${halfSpread}`,
      'costs.halfSpread',
    );
  if (!(feePerContract.isFinite() && feePerContract.greaterThanOrEqualTo(0))) {
    const message = `costs.feePerContract: expected 0 or more, got ${feePerContract.toString()}`;
    throw new DomainError('INVALID_POSITION', message, 'costs.feePerContract');
  }
}
