import { methodologies } from '@ballast/domain';
import { asOf, option, portfolioOf, position, quote, snapshotOf } from '../../../test/support/portfolio-builder';
import { prepareMarginMethod } from './margin-methods';

describe('prepareMarginMethod', () => {
  it.each(methodologies)('refuses an unknown key of %s by name', (methodology) => {
    const parameters = { noSuchKey: 1 };
    expect(() => prepareMarginMethod({ methodology, parameters, asOf })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringContaining('noSuchKey') }),
    );
  });

  it('reads parameters once for many portfolios', () => {
    const compute = prepareMarginMethod({ methodology: 'SPAN', parameters: undefined, asOf });
    const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] });
    const of = (quantity: number) => compute({ portfolio: portfolioOf([position(option('C'), quantity)]), snapshot });
    expect(of(-2).model?.maintenanceRequirement).toBeCloseTo(2 * (of(-1).model?.maintenanceRequirement ?? NaN), 9);
  });
});
