import { Decimal } from '@ballast/domain';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { normals, seriesOf } from '../../../../test/support/price-history';
import { finish } from '../risk/steps';
import { parseSizingParameters } from './parse-sizing-parameters';
import { recommendBuffer } from './recommended-buffer';

describe('recommendBuffer', () => {
  const series = seriesOf({ U: normals(400, 3).map((value) => 0.02 * value) });
  const ask = (cash: string) => {
    const account = preparedAccount({
      portfolio: portfolioOf([position(future('F'), 2)], { methodology: 'TIMS', cash: [cashOf(cash)] }),
      snapshot: snapshotOf({ quotes: [quote('F', { price: '100' })] }),
    });
    return finish(recommendBuffer(account, { series }));
  };

  it('is the largest component, which binds; more cash never shortens the interval nor raises the buffer', () => {
    const [less, more] = [ask('5000'), ask('50000')];
    expect(less?.components.filter(({ binding }) => binding)).toHaveLength(1);
    expect(less?.amount).toBe(Math.max(...(less?.components ?? []).map(({ amount }) => amount)));
    expect(more?.amount).toBeLessThanOrEqual((less?.amount ?? 0) + 1e-6);
    expect(more?.reviewInterval).toBeGreaterThan(less?.reviewInterval ?? 0);
    expect(less?.buffer).toBeCloseTo(2000, 8);
  });

  it('follows the figures of the firm, and shows them with the component', () => {
    const account = preparedAccount({
      portfolio: portfolioOf([position(future('F'), 2)], { methodology: 'TIMS', cash: [cashOf('50000')] }),
      snapshot: snapshotOf({ quotes: [quote('F', { price: '100' })] }),
    });
    const componentsUnder = (own: object) => {
      const sizing = parseSizingParameters(own, 'sizing', account.portfolio.asOf);
      const found = finish(recommendBuffer({ ...account, rules: { ...account.rules, sizing } }, { series }));
      return new Map(found?.components.map(({ name, amount, inputs }) => [name, { amount, inputs }]));
    };
    // maintenance 2 · 15 % · 100 · 100 = 3,000
    const own = componentsUnder({
      floorByKind: { equity: 0.4 },
      leverageTiers: [{ from: 0, share: 0.7 }],
      concentrationFree: 0,
      concentrationShare: 1,
      procyclicalityBuffer: 2,
      stressRatio: 100,
      floorYears: 1,
      stressWeight: 1,
    });
    expect(own.get('asset-class-floor')?.amount).toBeCloseTo(1_200, 8);
    expect(own.get('leverage')?.amount).toBeCloseTo(2_100, 8);
    expect(own.get('concentration')?.amount).toBeCloseTo(20_000, 6);
    const tools = own.get('anti-procyclicality');
    expect(tools?.amount).toBeCloseTo(6_000, 8);
    expect(tools?.inputs).toMatchObject({ calmShare: 2, stressRatio: 100, stressWeight: 1, floorYears: 1 });
    expect(tools?.inputs['weightedShortfall']).toBe(tools?.inputs['longRunShortfall']);
    const lasting = componentsUnder({ liquidationDays: 8 }).get('expected-shortfall');
    expect(lasting?.inputs).toEqual({ days: 8, confidence: 0.99 });
    expect(lasting?.amount).toBeGreaterThan(1.5 * (own.get('expected-shortfall')?.amount ?? NaN));
  });

  it('charges size by the figures of the quotes and the terms of the firm', () => {
    const liquidityOf = (own?: object) => {
      const account = preparedAccount({
        portfolio: portfolioOf([position(future('F'), -2)], { methodology: 'TIMS', cash: [cashOf('50000')] }),
        snapshot: snapshotOf({
          quotes: [{ ...quote('F', { price: '100' }), bid: new Decimal('99.9'), ask: new Decimal('100.1'), openInterest: new Decimal(10), volume: new Decimal(1) }],
        }), // prettier-ignore
      });
      const { asOf } = account.portfolio;
      const rules = own === undefined ? account.rules : { ...account.rules, sizing: parseSizingParameters(own, 'sizing', asOf) }; // prettier-ignore
      const found = finish(recommendBuffer({ ...account, rules }, { series }));
      return { ...found?.components.find(({ name }) => name === 'liquidity'), source: found?.parameters.source };
    };
    // Two futures of 10 units, spread 0.2: half-spreads 0.2 · 10 · 1; beyond 10 % of 10 open: 1, beyond 20 % of 1 a day
    // over two days: 1.6, which pay one more spread.
    const multiplier = future('F').multiplier.toNumber();
    expect(liquidityOf().amount).toBeCloseTo(0.2 * multiplier * (1 + 1.6), 9);
    const own = liquidityOf({ liquidity: { volumeShare: 1, openInterestShare: 0.05, excessSpreads: 3 } });
    expect(own.amount).toBeCloseTo(0.2 * multiplier * (1 + 3 * 1.5), 9);
    expect(own.source).toMatch(/the firm's own: liquidity excessSpreads, openInterestShare, volumeShare$/);
    expect(own.explanation).toHaveLength(1);
  });

  it('counts what is settled in coins in coins, in the currency of the account', () => {
    const coins = { underlying: 'BTC', currency: 'BTC', settlement: 'inverse', multiplier: new Decimal(1) } as const;
    const contract = future('F', coins);
    const put = option('P', { ...coins, right: 'put', strike: new Decimal(50_000) });
    const prices = seriesOf({ BTC: normals(400, 3).map((value) => 0.03 * value) });
    const quotes = [
      { ...quote('F', { price: '50000' }), bid: new Decimal(49_995), ask: new Decimal(50_005) },
      { ...quote('P', { volatility: 0.6 }), bid: new Decimal('0.049'), ask: new Decimal('0.053') },
    ];
    const componentsOf = (held: typeof contract | typeof put, quantity: number, baseCurrency: string) => {
      const account = preparedAccount({
        portfolio: portfolioOf([position(held, quantity)], {
          ...{ methodology: 'CRYPTO_PM', baseCurrency, cash: [cashOf('2', 'BTC')] },
        }),
        snapshot: snapshotOf({
          underlyings: [underlyingQuote('BTC', '50000', { kind: 'crypto' })],
          quotes,
          fx: [{ from: 'BTC', to: 'USD', rate: new Decimal(50_000) }],
        }),
      });
      const found = finish(recommendBuffer(account, { series: prices }));
      return new Map(found?.components.map(({ name, amount, inputs }) => [name, { amount, inputs }]));
    };
    const inCoins = componentsOf(contract, -4, 'BTC');
    // 4 coins short against 2 of equity; the spread of 10 is 10/50,000 of 4 coins, and half of it is paid.
    expect(inCoins.get('concentration')?.inputs['gross']).toBeCloseTo(4, 12);
    expect(inCoins.get('leverage')?.inputs['leverage']).toBeCloseTo(2, 9);
    expect(inCoins.get('liquidity')?.amount).toBeCloseTo(0.0004, 12);
    // One put at the money, delta −Φ(−½ · 0.6 · √0.2) = −0.4467, quoted in coins: half of 0.004.
    const ofPut = componentsOf(put, -1, 'BTC');
    expect(ofPut.get('concentration')?.inputs['gross']).toBeCloseTo(0.4466, 3);
    expect(ofPut.get('liquidity')?.amount).toBeCloseTo(0.002, 12);
    for (const [inBase, inDollars] of [
      [inCoins, componentsOf(contract, -4, 'USD')],
      [ofPut, componentsOf(put, -1, 'USD')],
    ] as const)
      for (const name of ['concentration', 'liquidity', 'volatility-scaled'] as const)
        expect((inDollars.get(name)?.amount ?? NaN) / 50_000).toBeCloseTo(inBase.get(name)?.amount ?? NaN, 4);
  });
});
