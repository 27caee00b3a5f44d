import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import { future, option, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { valueContracts } from './contract-values';
import { revalueContracts } from './revalue-contracts';

const contracts = [option('C'), option('A', { right: 'put', exercise: 'american' }), future('F')];
const quotes = [quote('C', { volatility: 0.25 }), quote('A', { price: '4.6' }), quote('F', { price: '100' })];

describe('revalueContracts', () => {
  it('gives the bits of a valuation by the methodology itself', () => {
    const portfolio = portfolioOf(
      contracts.map((contract) => position(contract, 1)),
      { methodology: 'TIMS', cash: [cashOf('0')] },
    );
    const account = preparedAccount({ portfolio, snapshot: snapshotOf({ quotes }) });
    const known = valueContracts(account, contracts);
    const found = revalueContracts(
      account,
      [known.get('A'), known.get('C'), known.get('F')].flatMap((one) => one ?? []),
    );
    expect(found).toEqual([known.get('A'), known.get('C'), known.get('F')]);
  });

  it('refuses what has no price', () => {
    const priced = preparedAccount({
      portfolio: portfolioOf([position(option('C'), 1)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({ quotes }),
    });
    const known = valueContracts(priced, [option('C')]);
    expect(() => revalueContracts({ ...priced, snapshot: snapshotOf({}) }, known.values())).toThrow('neither');
  });
});
