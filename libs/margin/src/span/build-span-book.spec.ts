import { Decimal } from '@ballast/domain';
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
import type { MarginInput } from '../margin-method';
import type { Portfolio } from '../portfolio';
import { valuePositions } from '../value-positions';
import { buildSpanBook, parametersOf } from './build-span-book';
import { parseSpanParameters } from './parse-span-parameters';
import type { SpanParameters } from './span-parameters';

const euro = { currency: 'EUR' } as const;
const snapshot = snapshotOf({
  underlyings: [underlyingQuote('Z', '50', euro), underlyingQuote('A', '200', euro)],
  quotes: ['C', 'P'].map((id) => quote(id, { volatility: 0.25 })),
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.25') }],
});

function holdingOf(portfolio: Portfolio, parameters: unknown) {
  const input: MarginInput<SpanParameters> = { portfolio, snapshot, parameters: parseSpanParameters(parameters, asOf) };
  const valued = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black-scholes' }) });
  if (valued.status !== 'valued') throw new Error(valued.reasons[0]);
  return buildSpanBook(input, valued.positions);
}

describe('buildSpanBook', () => {
  const onZ = { underlying: 'Z', ...euro } as const;

  it('orders commodities and contracts canonically and keeps quantities in that order', () => {
    const rows = [
      position(future('F', onZ), 3),
      position(option('C', { underlying: 'A', ...euro }), -2),
      position(future('B', onZ), 1),
    ];
    const { book, quantities } = holdingOf(portfolioOf(rows), {});
    expect(
      book.commodities.map(({ id, contracts }) => [id, contracts.map(({ instrumentId }) => instrumentId)]),
    ).toEqual([
      ['A', ['C']],
      ['Z', ['B', 'F']],
    ]);
    expect([...quantities]).toEqual([-2, 1, 3]);
  });

  it('converts arrays, rates and notional to the base currency', () => {
    const [commodity] = holdingOf(portfolioOf([position(future('F', onZ), 1)]), {
      Z: { priceScanRange: { amount: 400 } },
    }).book.commodities;
    expect(commodity?.contracts[0]?.losses[12]).toBeCloseTo(500, 10);
    expect(commodity).toMatchObject({ rateToBase: 1.25, scanRangePerDelta: 500, spot: 50, priceMove: 4 });
    expect(commodity?.contracts[0]?.notional).toBe(50 * 100 * 1.25);
  });

  it('takes the contract size from a listed future that is not held, and 1 when none is', () => {
    const portfolio = portfolioOf([position(share('S', onZ), 1)], { listedInstruments: [future('F', onZ)] });
    const range = { Z: { priceScanRange: { amount: 400 } } };
    expect(holdingOf(portfolio, range).book.commodities[0]?.priceMove).toBe(4);
    expect(
      holdingOf(portfolioOf([position(share('S', onZ), 1)]), { Z: { priceScanRange: { amount: 4 } } }).book
        .commodities[0]?.priceMove,
    ).toBe(4);
  });

  it('states delta in contracts of the future, scaled, and only where a spread reads it', () => {
    const rows = [
      position(future('F', onZ), 1),
      position(future('MINI', { ...onZ, multiplier: new Decimal(10) }), 1),
      position(share('S', onZ), 1),
    ];
    const spread = {
      rate: 0.5,
      legs: [
        { underlying: 'Z', side: 'A' },
        { underlying: 'A', side: 'B' },
      ],
    };
    const deltas = (parameters: unknown) =>
      holdingOf(portfolioOf(rows), parameters).book.commodities[0]?.contracts.map(({ delta }) => delta);
    expect(deltas({ intercommodity: [spread], default: { deltaScalingFactor: 2 } })).toEqual([2, 0.2, 0.02]);
    expect(deltas({})).toEqual([0, 0, 0]);
  });

  it('puts contracts into the month of their expiry, a holding into that of the valuation', () => {
    const rows = [position(future('F', { ...onZ, expiry: daysLater(100) }), 1), position(share('S', onZ), 1)];
    expect(holdingOf(portfolioOf(rows), {}).book.commodities[0]?.contracts.map(({ month }) => month)).toEqual([
      '2026-04',
      '2026-01',
    ]);
  });

  it('adds the target of a scanning spread as a commodity without contracts', () => {
    const spread = {
      rate: 0.9,
      method: 'scanning',
      target: 'T',
      legs: [
        { underlying: 'Z', side: 'A' },
        { underlying: 'A', side: 'B' },
      ],
    };
    const { commodities } = holdingOf(portfolioOf([position(future('F', onZ), 1)]), { intercommodity: [spread] }).book;
    expect(commodities.map(({ id, contracts }) => [id, contracts.length])).toEqual([
      ['T', 0],
      ['Z', 1],
    ]);
  });
});

describe('parametersOf', () => {
  it('falls back to the default of the set', () => {
    const parameters = parseSpanParameters({ Z: { coverFraction: 0.5 } }, asOf);
    expect(parametersOf(parameters, 'Z').coverFraction).toBe(0.5);
    expect(parametersOf(parameters, 'A').coverFraction).toBe(0.33);
  });
});
