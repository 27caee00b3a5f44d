import { parseCommodityParameters } from './parse-span-commodity';
import { spanParameterSets } from './span-parameter-sets';

const fallback = spanParameterSets[0]!.values.commodity;
const parse = (value: unknown) => parseCommodityParameters(value, 'p', fallback);
const leg = (side: string, from: string, to?: string) => ({ side, from, ...(to === undefined ? {} : { to }) });

describe('parseCommodityParameters', () => {
  it('reads every key of methodology §1.10', () => {
    const given = {
      priceScanRange: { amount: 16000 },
      volatilityScanRange: 0.04,
      volatilityShift: 'additive',
      extremeMultiplier: 2,
      coverFraction: 0.35,
      lookAheadDays: 1,
      interestRate: 0.1,
      arrayRounding: 'unit',
      shortOptionMinimum: { rate: 1640, method: 'max' },
      model: 'black76',
      scanTiers: [{ from: '2026-09', to: '2026-11', priceScanRange: { fraction: 0.1 }, volatilityScanRange: 0.2 }],
      calendarSpreads: [
        {
          priority: 1,
          kind: 'series',
          rate: 100,
          legs: [
            { from: '2026-09', to: '2026-12', deltaPerSpread: 2, side: 'A' },
            { from: '2027-03', to: '2027-03', deltaPerSpread: 1, side: 'B' },
          ],
        },
      ],
      deliveryCharge: [{ month: '2026-09', spread: 10, outright: 20 }],
      deltaScalingFactor: 0.5,
      weightedFuturesPriceRisk: 'scan-range-cap',
      exposureRate: 0.02,
      initialToMaintenanceRatio: 1.1,
      aggregation: 'kdpw',
      capNetOptionValue: true,
    };
    expect(parse(given)).toEqual(given);
  });

  it('keeps the fallback of what is absent, inside lists too', () => {
    expect(parse({})).toEqual(fallback);
    expect(parse({ shortOptionMinimum: { rate: 35 } }).shortOptionMinimum).toEqual({ rate: 35, method: 'gross' });
    expect(
      parse({ calendarSpreads: [{ rate: 1, legs: [leg('A', '2026-01'), leg('B', '2026-02')] }] }).calendarSpreads[0],
    ).toEqual({
      priority: 1,
      kind: 'tier',
      rate: 1,
      legs: [
        { side: 'A', from: '2026-01', to: '2026-01', deltaPerSpread: 1 },
        { side: 'B', from: '2026-02', to: '2026-02', deltaPerSpread: 1 },
      ],
    });
    expect(parse({ scanTiers: [{ from: '2026-01' }] }).scanTiers).toEqual([
      { from: '2026-01', to: '2026-01', priceScanRange: null, volatilityScanRange: null },
    ]);
  });

  it.each([
    ['a negative scan range', { priceScanRange: { amount: -1 } }, 'p.priceScanRange.amount'],
    ['a scan range that is no number', { priceScanRange: { fraction: NaN } }, 'p.priceScanRange.fraction'],
    ['both forms of a scan range', { priceScanRange: { amount: 1, fraction: 0.1 } }, 'p.priceScanRange'],
    ['neither form of a scan range', { priceScanRange: {} }, 'p.priceScanRange'],
    ['a cover above 1', { coverFraction: 3.3 }, 'p.coverFraction'],
    ['a month that does not exist', { deliveryCharge: [{ month: '2026-13' }] }, 'p.deliveryCharge[0].month'],
    ['months in the wrong order', { scanTiers: [{ from: '2026-02', to: '2026-01' }] }, 'p.scanTiers[0].to'],
    [
      'a spread on one side',
      { calendarSpreads: [{ rate: 1, legs: [leg('A', '2026-01'), leg('A', '2026-02')] }] },
      'p.calendarSpreads[0].legs',
    ],
    [
      'legs of one side that share months',
      {
        calendarSpreads: [
          { rate: 1, legs: [leg('A', '2026-01', '2026-03'), leg('A', '2026-02'), leg('B', '2026-06')] },
        ],
      },
      'p.calendarSpreads[0].legs[1]',
    ],
    ['an unknown model', { model: 'heston' }, 'p.model'],
    [
      'an unknown key in a list',
      { calendarSpreads: [{ rate: 1, chargeMethod: 10, legs: [] }] },
      'p.calendarSpreads[0].chargeMethod',
    ],
    ['a ratio of 0', { initialToMaintenanceRatio: 0 }, 'p.initialToMaintenanceRatio'],
  ])('refuses %s', (_, value, field) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', field }));
  });
});
