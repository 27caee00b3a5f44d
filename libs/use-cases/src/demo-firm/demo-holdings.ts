import { Decimal, type MarketSnapshot } from '@ballast/domain';
import type { AccountHoldings } from '../run/account-holdings';
import type { DemoAccount } from './demo-account';

/**
 * What every account holds on each day, by its code. Unchanged parts keep their identity, and lots are paid at the mark of
 * their first day.
 *
 * @param snapshotOf  the market of a day; asked once for each day on which anybody trades
 * @throws Error when an account trades a contract without a price
 */
export function holdingsByAccount(
  accounts: readonly DemoAccount[],
  days: number,
  snapshotOf: (day: number) => MarketSnapshot,
): ReadonlyMap<string, readonly AccountHoldings[]> {
  const known = new Map<number, MarketSnapshot>();
  const marketOf = (day: number): MarketSnapshot => {
    const snapshot = known.get(day) ?? snapshotOf(day);
    known.set(day, snapshot);
    return snapshot;
  };
  return new Map(accounts.map((account) => [account.code, holdingsByDay(account, days, marketOf)]));
}

function holdingsByDay(
  account: DemoAccount,
  days: number,
  snapshotOf: (day: number) => MarketSnapshot,
): AccountHoldings[] {
  let positions: AccountHoldings['positions'] = [];
  let cash = [{ currency: account.baseCurrency, amount: new Decimal(account.cash) }];
  return Array.from({ length: days }, (_, day) => {
    const lines = day === 0 ? account.lines : account.laterLines.find((later) => later.day === day)?.lines;
    if (lines !== undefined) positions = positionsOf(lines, snapshotOf(day));
    const balance = account.laterCash.find((later) => later.day === day)?.balance;
    if (balance !== undefined) cash = [{ currency: account.baseCurrency, amount: new Decimal(balance) }];
    return { positions, cash, collateral: [] };
  });
}

function positionsOf(lines: DemoAccount['lines'], snapshot: MarketSnapshot): AccountHoldings['positions'] {
  return lines
    .map(({ instrumentId, quantity }) => {
      const mark = snapshot.instruments.get(instrumentId)?.mark;
      if (mark == null) throw new Error(`the demo has no price of ${instrumentId}`);
      return { instrumentId, quantity: new Decimal(quantity), averagePrice: mark };
    })
    .sort((left, right) => (left.instrumentId < right.instrumentId ? -1 : 1));
}
