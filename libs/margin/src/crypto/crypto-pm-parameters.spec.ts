import { asOf } from '../../../../test/support/portfolio-builder';
import { parametersOfUnderlying } from './crypto-pm-parameters';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

it('lets an underlying override single values of the common set', () => {
  const parameters = parseCryptoPmParameters({ priceRange: 0.15, underlyings: { ETH: { priceRange: 0.18 } } }, asOf);
  expect(parametersOfUnderlying(parameters, 'ETH')).toMatchObject({ priceRange: 0.18, volatilityRangeUp: 0.5 });
  expect(parametersOfUnderlying(parameters, 'BTC').priceRange).toBe(0.15);
});
