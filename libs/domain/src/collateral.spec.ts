import { movedBy } from './collateral';

describe('movedBy', () => {
  it('is the name of the asset, unless it is known to be a share of something else', () => {
    expect(movedBy({ asset: 'BTC' })).toBe('BTC');
    expect(movedBy({ asset: 'US0378331005', underlying: 'AAPL' })).toBe('AAPL');
  });
});
