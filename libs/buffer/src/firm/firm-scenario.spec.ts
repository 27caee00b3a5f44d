import { Decimal } from '@ballast/domain';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import { option, portfolioOf, position, quote, share, snapshotOf } from '../../../../test/support/portfolio-builder';
import { evaluateState } from '../analysis/account-state';
import { stressOutcome } from '../stress/stress-account';
import type { StressScenario } from '../stress/stress-scenario';
import { sumScenario } from './firm-scenario';

const fall: StressScenario = { name: 'fall', title: 'fall', origin: 'CUSTOM', sources: [], market: { spot: -0.5 } };
const impossible: StressScenario = { ...fall, market: { spot: -1.5 } };
const entryOf = (code: string, positions: Parameters<typeof portfolioOf>[0], cash: string, scenario = fall) => {
  const prepared = preparedAccount({
    portfolio: portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf(cash)] }),
    snapshot: snapshotOf({ quotes: [quote('S', { price: '100' }), quote('C', { volatility: 0.25 })] }),
  });
  const before = evaluateState(prepared);
  const account = { id: code, code, name: code };
  const outcome = stressOutcome(prepared, before, scenario);
  return { account, before, outcome, toCurrency: ({ amount }: { amount: Decimal }) => amount.times(2) };
};

describe('sumScenario', () => {
  it('states amounts at the given rate: 10 shares lose 500, which are 1,000 at 2 for 1', () => {
    const sum = sumScenario(fall, { currency: 'EUR', top: 5 });
    sum.add(entryOf('A', [position(share('S'), 10)], '-600'));
    sum.add(entryOf('G', [position(share('S'), -2)], '1000'));
    const found = sum.conclude();
    expect(found.loss.amount.toFixed()).toBe('800');
    expect(found.grossLoss.amount.toFixed()).toBe('1000');
    // Equity −100 and requirement of now 150, both doubled.
    expect(found.lossOverCollateral.amount.toFixed()).toBe('200');
    expect(found.lossOverRequirement.amount.toFixed()).toBe('700');
    expect(found.topAccounts.map(({ code }) => code)).toEqual(['A']);
    expect(found).toMatchObject({ accounts: 2, deficits: 1, breaches: 1, newBreaches: 1 });
  });

  it('counts an account that the scenario cannot value', () => {
    const sum = sumScenario(impossible, { currency: 'USD', top: 5 });
    sum.add(entryOf('A', [position(option('C'), 1)], '0', impossible));
    expect(sum.conclude()).toMatchObject({ accounts: 0, accountsRefused: 1, topAccounts: [] });
  });
});
