import { Decimal, type MarketSnapshot, type Methodology } from '@ballast/domain';
import { coinOption, coinQuote, perpetual } from '../../../test/support/crypto-builder';
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
} from '../../../test/support/portfolio-builder';
import { sensitivityParameterFile } from '../../../test/support/sensitivity-parameters';
import { prepareMarginMethod } from './margin-methods';
import { valueScenariosPlainly } from './option-value';
import type { Portfolio } from './portfolio';
import { shareContracts } from './shared-contracts';

const call = option('C', { exercise: 'american' });
const put = option('P', { right: 'put', strike: new Decimal(90) });
const large = option('L', { strike: new Decimal(110), multiplier: new Decimal(1000) });
const listed = future('F', { multiplier: new Decimal(50) });
const coinCall = coinOption('BC', { right: 'call', strike: 65_000, days: 30 }, 'linear');
const coinPut = coinOption('BP', { right: 'put', strike: 55_000, days: 30 }, 'linear');

const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100', { rate: 0.04 }), coinQuote()],
  quotes: [
    quote('C', { volatility: 0.25 }),
    quote('P', { price: '3.20' }),
    quote('L', { volatility: 0.3 }),
    quote('BC', { volatility: 0.6 }),
    quote('BP', { volatility: 0.65 }),
  ],
  fx: [{ from: 'BTC', to: 'USD', rate: new Decimal(60_000) }],
});

const shares: readonly Portfolio[] = [
  portfolioOf([position(call, -3), position(put, 2)]),
  // A larger contract changes what a unit of delta stands for, a future the size of the scan range.
  portfolioOf([position(call, 5), position(large, -1)]),
  portfolioOf([position(call, 5), position(listed, -1)]),
  portfolioOf([position(call, 5)], { listedInstruments: [listed] }),
  portfolioOf([position(share('U'), 100), position(put, 2), position(call, -3)]),
];

const coins: readonly Portfolio[] = [
  portfolioOf([position(coinCall, -1), position(coinPut, 2)]),
  portfolioOf([position(coinCall, 4)], { baseCurrency: 'BTC' }),
  portfolioOf([position(coinCall, 4), position(perpetual('BTC-PERP', 'linear'), -2)]),
];

/** Parameters that read the sizes of contracts: a range per future, and a charge on deltas. */
const perFuture = { U: { priceScanRange: { amount: 20 }, deliveryCharge: [{ month: '2026-03', outright: 10 }] } };

const cases: readonly [string, Methodology, unknown, readonly Portfolio[]][] = [
  ['SPAN', 'SPAN', undefined, shares],
  ['SPAN by contract size', 'SPAN', perFuture, shares],
  ['TIMS', 'TIMS', undefined, shares.filter(({ positions }) => !positions.some((row) => row.instrument === listed))],
  ['CRYPTO_PM', 'CRYPTO_PM', undefined, coins],
  ['CRYPTO_PM by Greeks', 'CRYPTO_PM', { valuation: 'delta-gamma-vega' }, coins],
  ['CRYPTO_PMRM', 'CRYPTO_PMRM', undefined, coins.filter(({ baseCurrency }) => baseCurrency === 'USD')],
  ['SENSITIVITY', 'SENSITIVITY', sensitivityParameterFile, shares],
];

describe('portfolios that share the valuation of their contracts', () => {
  it.each(cases)('give under %s what each gives alone, in any order', (_, methodology, parameters, portfolios) => {
    const evaluate = (evaluated: readonly Portfolio[], market: (index: number) => MarketSnapshot) => {
      const compute = prepareMarginMethod({ methodology, parameters, asOf });
      return evaluated.map((portfolio, index) => {
        const snapshot = market(index);
        return compute({ portfolio: { ...portfolio, methodology }, snapshot });
      });
    };
    // A snapshot object of its own shares nothing with the others.
    const alone = evaluate(portfolios, () => ({ ...snapshot }));
    const seen = new Set(alone.map(({ model }) => model?.maintenanceRequirement));
    expect(seen.size).toBe(portfolios.length);
    expect(alone.every(({ quality }) => quality === 'OK')).toBe(true);
    expect(evaluate(portfolios, () => snapshot)).toEqual(alone);
    expect(evaluate([...portfolios].reverse(), () => snapshot).reverse()).toEqual(alone);
  });

  it('value a contract once', () => {
    let valued = 0;
    const valueScenarios: typeof valueScenariosPlainly = (contracts) => {
      valued += contracts.length;
      return valueScenariosPlainly(contracts);
    };
    const compute = prepareMarginMethod({ methodology: 'SPAN', parameters: undefined, asOf });
    for (const quantity of [1, -2, 3]) {
      compute({ portfolio: portfolioOf([position(call, quantity), position(put, -1)]), snapshot, valueScenarios });
    }
    expect(valued).toBe(2);
  });

  it('value it anew at another time', () => {
    const compute = prepareMarginMethod({ methodology: 'SPAN', parameters: undefined, asOf });
    const at = (days: number) =>
      compute({ portfolio: portfolioOf([position(call, -1)], { asOf: daysLater(days) }), snapshot });
    expect(at(30).model).not.toEqual(at(0).model);
  });
});

describe('shareContracts', () => {
  it('starts with nothing valued', () => {
    const shared = shareContracts();
    expect([shared.valuations.size, shared.greeks.size, shared.optionValues.size, shared.cryptoPm.size]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});
