import {
  attributeChange,
  computeWhatIf,
  evaluateState,
  findLiquidationLevels,
  planRestoration,
  prepareState,
  shiftState,
} from '@ballast/buffer';
import { Decimal, type Money } from '@ballast/domain';
import { heldState, type WhatIfAccount, whatIfAccount, whatIfCases, whatIfTrade } from '../support/what-if-account';

const methodologies = ['CRYPTO_PMRM', 'SENSITIVITY'];
const cases = whatIfCases.filter(({ methodology }) => methodologies.includes(methodology));
const amountOf = (money: Money | null | undefined) => money?.amount.toNumber() ?? NaN;

/** The account with so much cash that equity is a multiple of the maintenance requirement. */
function fundedAt(account: WhatIfAccount, multiple: number): WhatIfAccount {
  const { assessment, requirement } = evaluateState(heldState(account));
  const missing = multiple * amountOf(requirement.maintenanceRequirement) - amountOf(assessment.equity);
  const cash = account.portfolio.cash.map(({ currency, amount }) => ({
    currency,
    amount: amount.plus(missing.toFixed(2)),
  }));
  return { ...account, portfolio: { ...account.portfolio, cash } };
}

describe.each(cases)('analyses under $name', (kind) => {
  const account = whatIfAccount({ ...kind, exercise: 'european' }, 6);

  it('levels: a what-if at a level leaves no buffer', () => {
    const state = heldState(fundedAt(account, 1.3));
    const levels = findLiquidationLevels(state);
    const points = levels.flatMap(({ underlyingId, points: found }) =>
      found.map((point) => ({ underlyingId, ...point })),
    );
    expect(points.length).toBeGreaterThan(0);
    for (const { underlyingId, move, jump } of points.filter((point) => !point.jump && point.move > -1)) {
      const shift = { byUnderlying: { [underlyingId]: { spot: move } } };
      const { after } = computeWhatIf(state, { trades: [], cash: [], shift });
      expect([underlyingId, jump, Math.abs(amountOf(after.assessment.buffer)) <= 0.05]).toEqual([
        underlyingId,
        false,
        true,
      ]);
    }
  });

  it('restoration: the deposit is the smallest, and the trades of a plan restore', () => {
    const short = fundedAt(account, 0.9);
    const state = heldState(short);
    const costs = { halfSpread: 0.001, feePerContract: new Decimal(1) };
    const plan = planRestoration(state, { target: 'MAINTENANCE', hedges: [], costs, budget: 300 });
    const deposit = plan.deposit?.amount as Decimal;
    expect(deposit.greaterThan(0)).toBe(true);
    const bufferAfter = (amount: Decimal) =>
      amountOf(
        computeWhatIf(state, { trades: [], cash: [{ currency: 'USD', amount }], shift: {} }).after.assessment.buffer,
      );
    expect(bufferAfter(deposit)).toBeGreaterThanOrEqual(0);
    expect(bufferAfter(deposit.minus('0.01'))).toBeLessThan(0);
    if (plan.trades !== null) expect(amountOf(plan.trades.after.assessment.buffer)).toBeGreaterThanOrEqual(0);
  });

  it('attribution: causes and underlyings add up to the change of a trade in a moved market', () => {
    const earlier = heldState(account);
    const { state } = shiftState(earlier, { spot: -0.05, volatility: 0.1, days: 2 });
    const { portfolio } = state;
    const { instrument } = whatIfTrade(account, 1);
    const positions = [...portfolio.positions, { instrument, quantity: new Decimal(-1) }];
    const later = prepareState({ ...state, portfolio: { ...portfolio, positions } }, account.rules);
    const { total, factors, byUnderlying } = attributeChange(earlier, later);
    expect(amountOf(total.equity)).not.toBe(0);
    for (const rows of [factors, byUnderlying])
      for (const key of ['initialRequirement', 'maintenanceRequirement', 'equity', 'buffer'] as const) {
        const sum = rows.reduce((all, row) => all.plus(row[key].amount), new Decimal(0));
        expect(sum.toFixed()).toBe(total[key].amount.toFixed());
      }
  });
});
