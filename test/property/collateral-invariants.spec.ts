import { assessBuffer, type BufferPolicy, defaultBufferPolicy, valueCollateral } from '@ballast/buffer';
import { type CollateralHolding, type ConcentrationLimit, Decimal, type FxRate, toMoney } from '@ballast/domain';
import type { MarginRequirement, Portfolio } from '@ballast/margin';
import fc from 'fast-check';
import { asOf, portfolioOf, position, share, snapshotOf, underlyingQuote } from '../support/portfolio-builder';

const fx: FxRate[] = [{ from: 'EUR', to: 'USD', rate: new Decimal('1.0825') }];
const snapshot = snapshotOf({ underlyings: [underlyingQuote('U', '100')], fx });
const conversion = { snapshot, baseCurrency: 'USD', fxHaircuts: { EUR: 0.05 } };

const fraction = fc.integer({ min: 0, max: 1000 }).map((permille) => permille / 1000);
const amount = fc.integer({ min: 0, max: 1_000_000_000 }).map((mills) => new Decimal(mills).div(1000));
const holding: fc.Arbitrary<CollateralHolding> = fc.record({
  asset: fc.constantFrom('A', 'B', 'C', 'D'),
  assetClass: fc.constantFrom('X', 'Y'),
  quantity: amount,
  price: fc.integer({ min: 0, max: 200_000 }).map((mills) => new Decimal(mills).div(1000)),
  currency: fc.constantFrom('USD', 'EUR'),
  haircut: fraction,
});
const limit: fc.Arbitrary<ConcentrationLimit> = fc
  .record({
    scope: fc.constantFrom('asset', 'class'),
    star: fc.boolean(),
    share: fraction,
    cap: amount,
    useShare: fc.boolean(),
    excessHaircut: fraction,
  })
  .map(({ scope, star, share, cap, useShare, excessHaircut }) => ({
    scope: scope as 'asset' | 'class',
    target: star ? '*' : scope === 'asset' ? 'A' : 'X',
    excessHaircut,
    ...(useShare ? { share } : { amount: { amount: cap, currency: 'USD' } }),
  }));
const limits = fc.uniqueArray(limit, { maxLength: 4, selector: ({ scope, target }) => `${scope} ${target}` });
const holdings = fc.uniqueArray(holding, { maxLength: 6, selector: ({ asset }) => asset });

const total = (some: readonly CollateralHolding[], someLimits: readonly ConcentrationLimit[] = []): Decimal =>
  valueCollateral(some, conversion, [{ schedule: undefined, limits: someLimits }]).total;

const requirement = (maintenance: string): MarginRequirement =>
  ({
    qualityReasons: [],
    initialRequirement: toMoney(maintenance, 'USD'),
    maintenanceRequirement: toMoney(maintenance, 'USD'),
    model: { netOptionValue: 0, initialRequirement: 0, maintenanceRequirement: 0 },
  }) as unknown as MarginRequirement;
const assess = (portfolio: Portfolio, maintenance = '5000', policy: BufferPolicy = defaultBufferPolicy(asOf)) =>
  assessBuffer({
    portfolio,
    snapshot,
    requirement: requirement(maintenance),
    policy: { ...policy, fxHaircuts: conversion.fxHaircuts },
  });
const rank = ['HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION', 'INDETERMINATE'];

describe('collateral', () => {
  it('lines are rounded down: they add up to the rounded total or less, by under a cent each', () => {
    fc.assert(
      fc.property(holdings, limits, (some, someLimits) => {
        const { total: exact, lines } = valueCollateral(some, conversion, [
          { schedule: undefined, limits: someLimits },
        ]);
        const sum = lines.reduce((left, { netValue }) => left.plus(netValue.amount), new Decimal(0));
        expect(sum.lessThanOrEqualTo(exact.plus('1e-20'))).toBe(true);
        expect(exact.minus(sum).lessThan(new Decimal('0.01').times(lines.length).plus('1e-20'))).toBe(true);
        for (const line of lines) {
          expect(line.netValue.amount.greaterThanOrEqualTo(0)).toBe(true);
          expect(line.netValue.amount.plus(line.concentrationExcess.amount).equals(line.valueAfterFx.amount)).toBe(
            true,
          );
          expect(line.valueAfterHaircut.amount.lessThanOrEqualTo(line.grossValue.amount)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a larger haircut, and an added limit, never raise the value', () => {
    fc.assert(
      fc.property(holdings, limits, fraction, limit, (some, someLimits, worse, added) => {
        const cut = some.map((item) => ({ ...item, haircut: Math.max(item.haircut ?? 0, worse) }));
        expect(total(cut).lessThanOrEqualTo(total(some))).toBe(true);
        const isNew = someLimits.every(
          ({ scope, target }) =>
            scope !== added.scope || (target !== added.target && target !== '*' && added.target !== '*'),
        );
        if (isNew) expect(total(some, [...someLimits, added]).lessThanOrEqualTo(total(some, someLimits))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a lower limit never raises the value', () => {
    fc.assert(
      fc.property(holdings, limits, fraction, (some, someLimits, factor) => {
        const tighter = someLimits.map((item) => ({
          ...item,
          ...(item.share === undefined ? {} : { share: item.share * factor }),
          ...(item.amount === undefined
            ? {}
            : { amount: { ...item.amount, amount: item.amount.amount.times(factor) } }),
        }));
        expect(total(some, tighter).lessThanOrEqualTo(total(some, someLimits))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('more of anything never lowers the value, whatever the limits', () => {
    fc.assert(
      fc.property(holdings, limits, holding, (some, someLimits, more) => {
        const found = some.find(({ asset }) => asset === more.asset);
        const after =
          found === undefined
            ? [...some, more]
            : some.map((item) => (item === found ? { ...item, quantity: item.quantity.plus(more.quantity) } : item));
        expect(total(after, someLimits).plus('1e-25').greaterThanOrEqualTo(total(some, someLimits))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('prices in another unit of the currency scale the value', () => {
    fc.assert(
      fc.property(holdings, fc.integer({ min: 1, max: 50 }), (some, k) => {
        const scaled = some.map((item) => ({ ...item, price: item.price.times(k) }));
        expect(total(scaled).equals(total(some).times(k))).toBe(true);
        const shares: ConcentrationLimit[] = [{ scope: 'asset', target: '*', share: 0.25, excessHaircut: 0.5 }];
        expect(total(scaled, shares).minus(total(some, shares).times(k)).abs().lessThan('1e-20')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a deposit', () => {
  const book = fc.record({
    cash: amount,
    eur: fc.integer({ min: -5_000, max: 5_000 }),
    shares: fc.integer({ min: -50, max: 50 }),
    collateral: holdings,
  });
  const portfolioFrom = (item: { cash: Decimal; eur: number; shares: number; collateral: CollateralHolding[] }) =>
    portfolioOf([position(share('S'), item.shares)], {
      cash: [
        { currency: 'USD', amount: item.cash },
        { currency: 'EUR', amount: new Decimal(item.eur) },
      ],
      collateral: item.collateral,
    });

  it('never worsens equity, buffer, ratio, excess, leverage, call or status', () => {
    fc.assert(
      fc.property(
        book,
        amount,
        fc.constantFrom('USD', 'EUR'),
        fc.constantFrom('0', '1000', '250000'),
        (item, deposit, currency, maintenance) => {
          const before = assess(portfolioFrom(item), maintenance);
          const portfolio = portfolioFrom(item);
          const cash = portfolio.cash.map((balance) =>
            balance.currency === currency ? { currency, amount: balance.amount.plus(deposit) } : balance,
          );
          const after = assess({ ...portfolio, cash }, maintenance);
          for (const figure of ['equity', 'buffer', 'excess'] as const)
            expect(after[figure]!.amount.greaterThanOrEqualTo(before[figure]!.amount)).toBe(true);
          if (before.bufferRatio !== null)
            expect(after.bufferRatio!.greaterThanOrEqualTo(before.bufferRatio)).toBe(true);
          if (before.leverage !== null) expect(after.leverage!.lessThanOrEqualTo(before.leverage)).toBe(true);
          expect(rank.indexOf(after.status)).toBeLessThanOrEqual(rank.indexOf(before.status));
          if (after.callAmount !== null && before.callAmount !== null)
            expect(after.callAmount.amount.lessThanOrEqualTo(before.callAmount.amount)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves components that add up to the equity exactly', () => {
    fc.assert(
      fc.property(book, (item) => {
        const { equity, equityComponents } = assess(portfolioFrom(item));
        const sum = equityComponents.reduce((left, { amount: part }) => left.plus(part.amount), new Decimal(0));
        expect(sum.toFixed()).toBe(equity!.amount.toFixed());
        for (const { kind, amount: part } of equityComponents)
          if (kind === 'rounding')
            expect(part.amount.greaterThanOrEqualTo(0) && part.amount.lessThan('0.1')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
