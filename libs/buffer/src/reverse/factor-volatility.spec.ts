import { Decimal } from '@ballast/domain';
import { preparedAccount } from '../../../../test/support/account-builder';
import {
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueContracts } from '../analysis/contract-values';
import { factorVolatility } from './factor-volatility';

const near = option('NEAR', { strike: new Decimal(98) });
const far = option('FAR', { strike: new Decimal(120) });
const account = preparedAccount({
  portfolio: portfolioOf([position(near, 1), position(far, 1)], { methodology: 'TIMS' }),
  snapshot: snapshotOf({ quotes: [quote('NEAR', { volatility: 0.31 }), quote('FAR', { volatility: 0.5 })] }),
});
const contracts = [...valueContracts(account, [near, far]).values()];
const own = underlyingQuote('U', '100');

describe('factorVolatility', () => {
  it('believes the caller, then the market, then the option nearest to the money, then the asset class', () => {
    const historical = underlyingQuote('U', '100', { historicalVolatility: 0.28 });
    expect(factorVolatility({ quote: historical, contracts, stated: 0.5 })).toEqual({
      volatility: 0.5,
      source: 'GIVEN',
    });
    expect(factorVolatility({ quote: historical, contracts })).toEqual({ volatility: 0.28, source: 'HISTORICAL' });
    expect(factorVolatility({ quote: own, contracts })).toEqual({ volatility: 0.31, source: 'IMPLIED' });
    expect(factorVolatility({ quote: own, contracts: [] })).toEqual({ volatility: 0.35, source: 'ASSET_CLASS' });
    expect(factorVolatility({ quote: own, contracts: [], classes: { U: 'fx' } }).volatility).toBe(0.1);
  });

  it.each([0, -0.2, NaN, 11])('refuses a volatility of %p', (stated) => {
    expect(() => factorVolatility({ quote: own, contracts, stated })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', field: 'volatilities.U' }),
    );
  });
});
