import { type CollateralPosition, Decimal, type HaircutSchedule } from '@ballast/domain';
import { asOf, snapshotOf, underlyingQuote } from '../../../test/support/portfolio-builder';
import { resolveCollateral } from './resolve-collateral';

const snapshot = snapshotOf({ underlyings: [underlyingQuote('BTC', '60000'), underlyingQuote('NIX', null)] });
const house: HaircutSchedule = {
  name: 'HOUSE',
  rules: [
    { assetClass: 'Coins', haircut: 0.25 },
    { assetClass: 'Bills', minimumYears: 0, maximumYears: 1, haircut: 0.005 },
  ],
  limits: [{ scope: 'class', target: 'Coins', share: 0.5, excessHaircut: 1 }],
};
const schedules = new Map([['HOUSE', house]]);
const coin = (changes: Partial<CollateralPosition> = {}): CollateralPosition => ({
  asset: 'BTC',
  kind: 'coin',
  assetClass: 'Coins',
  schedule: 'HOUSE',
  quantity: new Decimal(2),
  ...changes,
});
const resolve = (...positions: CollateralPosition[]) => resolveCollateral({ positions, schedules, snapshot, asOf });

describe('resolveCollateral', () => {
  it('takes the haircut of the schedule, the stated price or that of the market, and the limits in use', () => {
    const bill = coin({
      asset: 'US1',
      assetClass: 'Bills',
      maturity: '2026-06-30',
      price: new Decimal('0.98'),
      currency: 'USD',
    });
    const { holdings, limits } = resolve(coin(), bill);
    expect(holdings.map(({ asset, price, currency, haircut }) => [asset, price.toFixed(), currency, haircut])).toEqual([
      ['BTC', '60000', 'USD', 0.25],
      ['US1', '0.98', 'USD', 0.005],
    ]);
    expect(limits).toEqual([{ schedule: 'HOUSE', limits: house.limits }]);
    expect(resolve().limits).toEqual([]);
  });

  it('accepts nothing without a schedule or a rule, and says why', () => {
    const { holdings } = resolve(coin({ schedule: 'CCP' }), coin({ assetClass: 'Art', asset: 'Mona' }));
    expect(holdings).toMatchObject([
      { ineligible: 'no schedule CCP is in force' },
      { ineligible: 'Art is not on the schedule HOUSE; no price' },
    ]);
  });

  it('prices shares pledged under another name by their underlying, and lets them move with it', () => {
    const share = { underlying: 'BTC', multiplier: new Decimal('0.1') };
    const { holdings } = resolve(
      coin({ asset: 'US0000000001', share }),
      coin({ asset: 'US0000000002', share, price: new Decimal(5), currency: 'USD' }),
    );
    expect(holdings).toMatchObject([{ underlying: 'BTC', currency: 'USD' }, { underlying: 'BTC' }]);
    expect(holdings.map(({ price }) => price.toFixed())).toEqual(['6000', '5']);
  });

  it('never takes a missing price for zero', () => {
    expect(() => resolve(coin({ asset: 'NIX' }))).toThrow(expect.objectContaining({ code: 'PRICE_MISSING' }));
  });
});
