import { Decimal } from '@ballast/domain';
import { computeRequirement, type PortfolioPosition } from '@ballast/margin';
import fc from 'fast-check';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../support/portfolio-builder';

const runs = { numRuns: 120 };

/** A market of one underlying with options of two strikes and one future, all of one expiry. */
const marketArbitrary = fc.record({
  rate: fc.double({ min: 0, max: 0.1, noNaN: true }),
  days: fc.integer({ min: 2, max: 700 }),
  volatility: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
  low: fc.integer({ min: 60, max: 100 }),
  width: fc.integer({ min: 1, max: 60 }),
  price: fc.integer({ min: 70, max: 130 }),
});
type Market = typeof marketArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const scan = { default: { priceScanRange: { fraction: 0.2 }, volatilityScanRange: 0.3 } };

function bookOn({ rate, days, volatility, low, width, price }: Market) {
  const expiry = daysLater(days);
  const at = (id: string, right: 'call' | 'put', strike: number) =>
    option(id, { right, strike: new Decimal(strike), expiry });
  const instruments = {
    lowCall: at('LC', 'call', low),
    lowPut: at('LP', 'put', low),
    highCall: at('HC', 'call', low + width),
    highPut: at('HP', 'put', low + width),
    future: future('F', { expiry }),
  };
  const snapshot = (kind: 'equity' | 'future') =>
    snapshotOf({
      underlyings: [underlyingQuote('U', String(price), { rate, kind })],
      quotes: ['LC', 'LP', 'HC', 'HP'].map((id) => quote(id, { volatility })),
    });
  const model = (rows: readonly PortfolioPosition[], kind: 'equity' | 'future' = 'equity') => {
    const result = computeRequirement({ portfolio: portfolioOf(rows), snapshot: snapshot(kind), parameters: scan });
    return {
      ...result,
      scanned: result.model?.maintenanceRequirement ?? NaN,
      optionValue: result.model?.netOptionValue ?? NaN,
    };
  };
  return { ...instruments, model };
}

describe('structures of European options under the scan', () => {
  it('INV-11 a box has next to no scan risk', () => {
    fc.assert(
      fc.property(marketArbitrary, (market) => {
        const { lowCall, lowPut, highCall, highPut, model } = bookOn(market);
        const box = [position(lowCall, 1), position(lowPut, -1), position(highCall, -1), position(highPut, 1)];
        expect(model(box).scanned).toBeLessThanOrEqual(1e-8);
      }),
      runs,
    );
  });

  it('INV-12 a conversion has next to no scan risk where the forward is discounted', () => {
    fc.assert(
      fc.property(marketArbitrary, (market) => {
        const { lowCall, lowPut, future: forward, model } = bookOn({ ...market, rate: 0 });
        const conversion = [position(forward, 1), position(lowPut, 1), position(lowCall, -1)];
        expect(model(conversion, 'future').scanned).toBeLessThanOrEqual(1e-8);
      }),
      runs,
    );
  });

  it('INV-13 a synthetic loses as e^(−rT) futures and does not feel volatility', () => {
    fc.assert(
      fc.property(marketArbitrary, (market) => {
        const { lowCall, lowPut, future: forward, model } = bookOn(market);
        const discounted = Math.exp((-market.rate * market.days) / 365);
        const synthetic = model([position(lowCall, 1), position(lowPut, -1)], 'future').scenarios;
        const futures = model([position(forward, 1)], 'future').scenarios;
        synthetic.forEach(({ loss }, index) =>
          expect(Math.abs(loss - discounted * (futures[index]?.loss ?? NaN))).toBeLessThan(1e-7),
        );
      }),
      runs,
    );
  });

  it('INV-14 a debit vertical risks no more than its premium, a credit vertical no more than its width', () => {
    fc.assert(
      fc.property(marketArbitrary, (market) => {
        const { lowCall, highCall, model } = bookOn(market);
        const debit = model([position(lowCall, 1), position(highCall, -1)]);
        expect(debit.scanned).toBeLessThanOrEqual(debit.optionValue + 1e-7);
        const credit = model([position(lowCall, -1), position(highCall, 1)]);
        expect(credit.scanned - credit.optionValue).toBeLessThanOrEqual(market.width * 100 + 1e-7);
        const naked = model([position(lowCall, -1)]);
        expect(credit.scanned - credit.optionValue).toBeLessThanOrEqual(naked.scanned - naked.optionValue + 1e-7);
      }),
      runs,
    );
  });
});
