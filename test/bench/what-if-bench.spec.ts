import { applyTrades, computeWhatIf, evaluateState, prepareState } from '@ballast/buffer';
import { Decimal } from '@ballast/domain';
import { heldState, type WhatIfCase, whatIfAccount, whatIfCases, whatIfTrade } from '../support/what-if-account';

const lines = 8;

/** Everything valued from nothing: new objects, new rules. */
function fromNothing(kind: WhatIfCase, turn: number, quantity?: Decimal) {
  const account = whatIfAccount(kind, lines);
  const trade = { ...whatIfTrade(account, turn), ...(quantity === undefined ? {} : { quantity }) };
  const { portfolio } = applyTrades(prepareState(account, account.rules), trade.quantity.isZero() ? [] : [trade]);
  const again = whatIfAccount(kind, lines);
  return evaluateState(prepareState({ portfolio, snapshot: again.snapshot }, again.rules));
}

describe.each(whatIfCases)('a what-if of $name', (kind) => {
  const account = whatIfAccount(kind, lines);
  const state = heldState(account);
  const turns = [0, 1, 2, 3];

  it('states before and after to the bit as full revaluation does', () => {
    for (const turn of turns) {
      const question = { trades: [whatIfTrade(account, turn)], cash: [], shift: {} };
      const { before, after } = computeWhatIf(state, question);
      expect(before).toEqual(fromNothing(kind, turn, new Decimal(0)));
      expect(after).toEqual(fromNothing(kind, turn));
    }
  });

  it('affords a quantity that full revaluation finds covered, and not one more', () => {
    let found = 0;
    for (const turn of turns) {
      const trade = whatIfTrade(account, turn);
      const { affordable } = computeWhatIf(state, { trades: [trade], cash: [], shift: {} });
      if (affordable?.status !== 'found') continue;
      found += 1;
      const more = affordable.quantity.plus(trade.quantity.isNegative() ? -1 : 1);
      const excessAt = (quantity: Decimal) => fromNothing(kind, turn, quantity).assessment.excess?.amount.toNumber();
      if (!affordable.quantity.isZero()) expect(excessAt(affordable.quantity)).toBeGreaterThanOrEqual(0);
      expect(excessAt(more)).toBeLessThan(0);
    }
    expect(found).toBeGreaterThan(0);
  });
});
