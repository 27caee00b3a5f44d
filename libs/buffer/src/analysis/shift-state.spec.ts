import { Decimal, type FxRate } from '@ballast/domain';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  asOf,
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { evaluateState, measureState, prepareState } from './account-state';
import type { MarketShift } from './market-shift';
import { shiftState } from './shift-state';

const call = option('C');
const put = option('P', { right: 'put' });
const contract = future('F');
const stock = share('S');
const quotes = [
  quote('C', { volatility: 0.25 }),
  quote('P', { price: '4' }),
  quote('F', { price: '101' }),
  quote('S', { price: '100' }),
];
const equityUnder = (
  shift: MarketShift,
  positions: Parameters<typeof portfolioOf>[0],
  given: Parameters<typeof snapshotOf>[0] = { quotes },
) => {
  const portfolio = portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf('1000')] });
  const account = preparedAccount({ portfolio, snapshot: snapshotOf(given) });
  const measure = measureState(prepareState(shiftState(account, shift).state, account.rules));
  return measure.status === 'valued' ? measure.figures.equity : NaN;
};

describe('shiftState', () => {
  it('moves holdings and futures with the underlying: 100 shares −10 % lose 1,000, a future at 101 loses 1,010', () => {
    expect(equityUnder({ spot: -0.1 }, [position(stock, 100)])).toBeCloseTo(1000 + 9000, 9);
    expect(equityUnder({ spot: -0.1 }, [position(contract, 1)])).toBeCloseTo(1000 - 1010, 9);
    expect(equityUnder({ spot: -0.1 }, [{ ...position(contract, 1), averagePrice: new Decimal(100) }])).toBeCloseTo(
      1000 + 100 - 1010,
      9,
    );
    expect(equityUnder({ spot: -0.1 }, [{ ...position(contract, 1), unrealisedPnl: new Decimal(50) }])).toBeCloseTo(
      1000 + 50 - 1010,
      9,
    );
  });

  it('moves one underlying alone', () => {
    const underlyings = [underlyingQuote('U', '100'), underlyingQuote('V', '50')];
    const other = share('T', { underlying: 'V' });
    const held = [position(share('S'), 10), position(other, 10)];
    expect(equityUnder({ spot: 0.5, byUnderlying: { V: { spot: -0.2 } } }, held, { underlyings })).toBeCloseTo(
      1000 + 1500 + 400,
      9,
    );
  });

  it('reprices an option at the volatility of its strike, and a volatility move alone is vega', () => {
    const up = equityUnder({ volatility: 0.04 }, [position(call, 1)]) - equityUnder({}, [position(call, 1)]);
    // 100 × vega 17.82 × 0.01
    expect(up).toBeCloseTo(17.8, 1);
    expect(equityUnder({ volatility: -1 }, [position(call, 1)])).toBeCloseTo(1000, 6);
  });

  it('keeps the distance between a quoted price and the model of a quoted volatility', () => {
    const both = [{ ...quote('C', { price: '5', volatility: 0.25 }) }];
    const gap = equityUnder({}, [position(call, 1)], { quotes: both }) - equityUnder({}, [position(call, 1)]);
    const moved =
      equityUnder({ spot: 0.03 }, [position(call, 1)], { quotes: both }) -
      equityUnder({ spot: 0.03 }, [position(call, 1)]);
    expect(moved).toBeCloseTo(gap, 9);
  });

  it('settles what expires within the days that pass at its intrinsic value in the moved market', () => {
    const portfolio = portfolioOf([position(call, 2), position(put, -1), position(contract, 1)], {
      methodology: 'TIMS',
      cash: [cashOf('1000')],
    });
    const account = preparedAccount({ portfolio, snapshot: snapshotOf({ quotes }) });
    const { state, settled } = shiftState(account, { spot: 0.1, days: 74 });
    expect(state.portfolio.positions).toEqual([]);
    expect(state.portfolio.asOf).toBe(daysLater(74));
    expect(settled.map(({ instrumentId, cash }) => [instrumentId, cash.amount.toFixed(2)])).toEqual([
      ['C', '2000.00'],
      ['P', '0.00'],
      // from the mark of 101 to the underlying at 110
      ['F', '900.00'],
    ]);
    expect(
      evaluateState(prepareState(state, account.rules)).requirement.maintenanceRequirement?.amount.toNumber(),
    ).toBe(0);
  });

  it('keeps the carry of forwards as time passes: half the time, half the logarithm', () => {
    const underlyings = [
      underlyingQuote('U', '100', { forwards: [{ expiry: daysLater(73), price: new Decimal('104.040401') }] }),
    ];
    const account = preparedAccount({
      portfolio: portfolioOf([position(call, 1)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({ underlyings, quotes }),
    });
    const { snapshot } = shiftState(account, { days: 36.5 }).state;
    expect(snapshot.underlyings.get('U')?.forwards[0]?.price.toNumber()).toBeCloseTo(102.0001966, 6);
    expect(snapshot.asOf).toBe(asOf + 36.5 * 86_400_000);
  });

  it('moves the exchange rate of a coin that is an underlying, and collateral of its name', () => {
    const underlyings = [underlyingQuote('BTC', '50000', { kind: 'crypto' })];
    const fx = [{ from: 'BTC', to: 'USD', rate: new Decimal(50000) }];
    const portfolio = portfolioOf([], {
      methodology: 'CRYPTO_PM',
      cash: [cashOf('1', 'BTC')],
      collateral: [{ asset: 'BTC', quantity: new Decimal(2), price: new Decimal(50000), haircut: 0.5 }],
    });
    const account = preparedAccount({ portfolio, snapshot: snapshotOf({ underlyings, fx }) });
    const { state } = shiftState(account, { spot: -0.2 });
    expect(measureState(prepareState(state, account.rules))).toMatchObject({ figures: { equity: 80000 } });
  });

  it('leaves nothing of a coin at 0, and nothing is worth so much in it', () => {
    const underlyings = [underlyingQuote('BTC', '50000', { kind: 'crypto' })];
    const cash = [cashOf('3', 'BTC'), cashOf('70', 'USD')];
    const portfolio = portfolioOf([], { methodology: 'CRYPTO_PM', cash });
    const measureAt = (rate: FxRate) => {
      const account = preparedAccount({ portfolio, snapshot: snapshotOf({ underlyings, fx: [rate] }) });
      const { state } = shiftState(account, { spot: -1 });
      return measureState(prepareState(state, account.rules));
    };
    const bought = measureAt({ from: 'BTC', to: 'USD', rate: new Decimal(50000) });
    expect(bought).toMatchObject({ figures: { equity: 70 } });
    expect(() => measureAt({ from: 'USD', to: 'BTC', rate: new Decimal('0.00002') })).toThrow(
      expect.objectContaining({ code: 'INVALID_MARKET_DATA', field: 'shifts.spot' }),
    );
  });

  it.each<[string, MarketShift, string]>([
    ['a fall below 0', { spot: -1.5 }, 'shifts.spot'],
    ['a negative volatility', { volatility: -1.1 }, 'shifts.volatility'],
    ['time that runs back', { days: -1 }, 'shifts.days'],
    ['no number', { spot: NaN }, 'shifts.spot'],
    ['an unknown underlying', { byUnderlying: { X: { spot: 0.1 } } }, 'shifts.underlyings'],
  ])('refuses %s', (_, shift, field) => {
    expect(() => equityUnder(shift, [position(stock, 1)])).toThrow(
      expect.objectContaining({ code: 'INVALID_MARKET_DATA', field }),
    );
  });
});
