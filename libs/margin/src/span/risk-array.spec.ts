import { Decimal, type Instrument, type UnderlyingQuote } from '@ballast/domain';
import {
  asOf,
  future,
  option,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueInstrument } from '../instrument-valuation';
import { valueScenariosPlainly } from '../option-value';
import { computeRiskArray, scenarioValuationOf } from './risk-array';
import { contractScanRange } from './scan-range';
import type { CommodityParameters } from './span-parameters';
import { spanParameterSets } from './span-parameter-sets';

const { scenarios, commodity } = spanParameterSets[0]!.values;

function arrayOf(
  instrument: Instrument,
  underlying: UnderlyingQuote,
  changes: Partial<CommodityParameters>,
  given: Parameters<typeof quote>[1] = {},
) {
  const parameters = { ...commodity, ...changes };
  const snapshot = snapshotOf({ underlyings: [underlying], quotes: [quote(instrument.id, given)] });
  const valuation = valueInstrument({
    instrument,
    snapshot,
    asOf,
    baseCurrency: instrument.currency,
    chooseModel: () => ({ model: 'black-scholes' }),
  });
  if (valuation.status !== 'valued') throw new Error(valuation.reason);
  const { contract } = valuation;
  const range = contractScanRange(parameters, '', {
    spot: contract.spot,
    futureMultiplier: instrument.multiplier.toNumber(),
  });
  const input = { contract, range, parameters, scenarios };
  const request = scenarioValuationOf(input);
  return [...computeRiskArray(input, request === null ? null : valueScenariosPlainly([request])[0]!)];
}

describe('computeRiskArray', () => {
  it('reproduces the published array of GC Sep-25 of 2025-09-12 (CME)', () => {
    const gold = arrayOf(future('GC'), underlyingQuote('U', '3686.4', { kind: 'future' }), {
      priceScanRange: { amount: 16000 },
      arrayRounding: 'unit',
    });
    expect(gold.map((loss) => loss + 0)).toEqual([
      0, 0, -5333, -5333, 5333, 5333, -10667, -10667, 10667, 10667, -16000, -16000, 16000, 16000, -15840, 15840,
    ]);
  });

  it('rounds a half away from 0 also where floating point falls short of it', () => {
    // 0.103 × 50 × 10 is 51.5; in doubles 51.49999999999999.
    const halves = arrayOf(
      future('F', { multiplier: new Decimal(10) }),
      underlyingQuote('U', '50', { kind: 'future' }),
      {
        priceScanRange: { fraction: 0.103 },
        arrayRounding: 'unit',
      },
    );
    expect(halves.slice(10, 14)).toEqual([-52, -52, 52, 52]);
  });

  it('reproduces the real 81 record: PSR 1700 gives 567, 1133, 1700', () => {
    const five = arrayOf(future('06'), underlyingQuote('U', '284.1', { kind: 'future' }), {
      priceScanRange: { amount: 1700 },
      arrayRounding: 'unit',
    });
    expect(five.slice(2, 10).map(Math.abs)).toEqual([567, 567, 567, 567, 1133, 1133, 1133, 1133]);
  });

  it('reproduces the published array of the NIFTY Jun-26 future (NSE), carry c = 8.725 and P = 2235.635', () => {
    // The rate that makes the look-ahead carry of one day 8.725 on this price.
    const price = 24000;
    const interestRate = -Math.log(1 - 8.725 / price) * 365;
    const nifty = arrayOf(
      future('N', { multiplier: new Decimal(1) }),
      underlyingQuote('U', String(price)),
      {
        priceScanRange: { amount: 2235.635 },
        extremeMultiplier: 2,
        coverFraction: 0.35,
        lookAheadDays: 1,
        interestRate,
      },
      { price: String(price) },
    );
    // methodology §1.9 prints c ∓ k·P to two decimals, partly cut instead of rounded.
    const published: readonly (readonly [number, number])[] = [
      [1, 8.72],
      [3, -736.49],
      [5, 753.93],
      [7, -1481.7],
      [9, 1499.14],
      [11, -2226.91],
      [13, 2244.36],
      [15, -1561.89],
      [16, 1568],
    ];
    for (const [scenario, loss] of published) expect(Math.abs(nifty[scenario - 1]! - loss)).toBeLessThan(0.01);
    expect(10 * 65 * nifty[12]!).toBeCloseTo(1_458_834, 0);
  });

  it('reproduces the published THYAO array (Takasbank) to every digit given; the figures are the loss of the short call', () => {
    const call = option('C', {
      strike: new Decimal(280),
      expiry: (asOf + Math.round(0.1096 * 365 * 86_400_000)) as typeof asOf,
      currency: 'TRY',
    });
    const stock = underlyingQuote('U', '301.50', { rate: 0.35, currency: 'TRY' });
    const losses = arrayOf(call, stock, { coverFraction: 0.32 }, { volatility: 0.3021 });
    const published = [
      -194.6821341, 134.2756423, -1361.044829, -1171.323088, 851.0223747, 1341.176892, -2607.050802, -2508.70606,
      1732.075967, 2327.580959, -3901.039329, -3853.741556, 2413.855041, 2974.772881, -3818.775215174316,
      1084.913691081266,
    ];
    // The published scenarios 1 and 6 lie 2.1e-6 off the exact Black-Scholes value (194.68213200, 1341.17689425 in mpmath).
    published.forEach((value, index) => expect(Math.abs((losses[index] ?? NaN) - value)).toBeLessThan(2.3e-6));
    [2, 3, 5, 7, 9, 11, 13].forEach((s) =>
      expect(Math.abs((losses[s - 1] ?? NaN) - published[s - 1]!)).toBeLessThan(6e-7),
    );
    expect(losses[14]).toBeCloseTo(-3818.775215174316, 8);
    expect(losses[15]).toBeCloseTo(1084.913691081266, 8);
  });

  it('moves a holding of the underlying without look-ahead carry', () => {
    const shares = arrayOf(share('S'), underlyingQuote('U', '50', { rate: 0.05 }), {
      priceScanRange: { fraction: 0.3 },
      lookAheadDays: 1,
    });
    expect(shares[0]).toBeCloseTo(0, 12);
    expect(shares[12]).toBeCloseTo(15, 12);
    expect(shares[15]).toBeCloseTo(3 * 15 * 0.33, 12);
  });

  it('states a coin-settled future in coin: 1/(1 + m) − 1', () => {
    const coin = arrayOf(
      future('F', { settlement: 'inverse', currency: 'BTC', multiplier: new Decimal(1) }),
      underlyingQuote('U', '60000'),
      { priceScanRange: { fraction: 0.15 }, extremeMultiplier: 2 },
      { price: '60500' },
    );
    expect(coin[12]).toBeCloseTo(1 / 0.85 - 1, 15);
    expect(coin[10]).toBeCloseTo(1 / 1.15 - 1, 15);
    const inverse = () =>
      arrayOf(future('F', { settlement: 'inverse', currency: 'BTC' }), underlyingQuote('U', '60000'), {
        priceScanRange: { fraction: 0.4 },
      });
    expect(inverse).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });

  it('refuses a scenario in which the model gave no number', () => {
    const contract = valueInstrument({
      instrument: option('C'),
      snapshot: snapshotOf({ quotes: [quote('C', { volatility: 0.2 })] }),
      asOf,
      baseCurrency: 'USD',
      chooseModel: () => ({ model: 'black-scholes' }),
    });
    if (contract.status !== 'valued') throw new Error('not valued');
    const input = {
      contract: contract.contract,
      range: { priceMove: 10, volatilityRange: 0.2 },
      parameters: commodity,
      scenarios,
    };
    const prices = new Float64Array(17).fill(1);
    prices[9] = NaN;
    expect(() => computeRiskArray(input, prices)).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', message: 'C: loss in scenario 9 is NaN' }),
    );
  });
});
