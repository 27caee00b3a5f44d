import { preparedAccount } from '../../../../test/support/account-builder';
import { option, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { evaluateState } from './account-state';
import { portfolioOfOnes, valueContracts } from './contract-values';

const [held, listed] = [option('A'), option('B', { right: 'put' })];
const quotes = [quote('A', { volatility: 0.25 }), quote('B', { price: '3' })];
const portfolio = portfolioOf([position(held, -5)], { methodology: 'TIMS' });
const account = preparedAccount({ portfolio, snapshot: snapshotOf({ quotes }) });

describe('valueContracts', () => {
  it('values contracts that are not held, once for every use of the market', () => {
    const values = valueContracts(account, [listed, held]);
    expect(values.get('B')?.mark).toBe(3);
    expect(valueContracts(account, [listed]).get('B')).toBe(values.get('B'));
    const alone = evaluateState(account).requirement;
    expect(alone).toEqual(evaluateState(preparedAccount({ portfolio, snapshot: snapshotOf({ quotes }) })).requirement);
  });

  it('refuses a contract without price and volatility by its name', () => {
    expect(() => valueContracts(account, [option('X')])).toThrow(
      expect.objectContaining({ code: 'PRICE_MISSING', message: expect.stringContaining('X') as string }),
    );
  });
});

describe('portfolioOfOnes', () => {
  it('holds one of each contract, repeated or not, and no ready sensitivities', () => {
    const ones = portfolioOfOnes({ ...portfolio, sensitivities: [] }, [held, listed, held]);
    expect(ones.positions.map(({ instrument, quantity }) => `${quantity.toFixed()} ${instrument.id}`)).toEqual([
      '1 A',
      '1 B',
    ]);
    expect(ones.sensitivities).toBeUndefined();
  });
});
