// Eight real records of a clearing house, June 2025, decoded as ../shared/golden/README.md states them.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  Pa2Line,
  readDeliveryRecord,
  readFirstArrayRecord,
  readHeaderRecord,
  readIntercommodityRecord,
  readPrice,
  readSecondArrayRecord,
  readSeriesSpreadRecord,
  readTierRecord,
  readTierSpreadRecord,
} from '@ballast/formats';

const file = path.resolve(__dirname, '../../../shared/golden/pa2-records.txt');
const maybe = existsSync(file) ? describe : describe.skip;

maybe('eight real positional records (skipped: shared data not present)', () => {
  const lines = existsSync(file) ? readFileSync(file, 'latin1').split(/\r?\n/) : [];
  const lineOf = (type: string) => {
    const index = lines.findIndex((line) => line.slice(0, 2).trimEnd() === type);
    return new Pa2Line('pa2-records.txt', index + 1, lines[index] ?? '');
  };

  it('0: whose file and of which day', () => {
    expect(readHeaderRecord(lineOf('0'))).toEqual({
      complex: 'CME',
      businessDate: '2025-06-20',
      isSettlement: true,
      createdDate: '20250620',
      createdTime: '1407',
      fileFormat: 'U2',
    });
  });

  it('3: tiers 01 202507, 02 202508, 03 202509, 04 202510–202511; ratios 1.0, 1.0, 1.1', () => {
    expect(readTierRecord(lineOf('3'))).toEqual({
      commodity: '06',
      method: '10',
      tiers: [
        { number: 1, from: '2025-07', to: '2025-07-zz' },
        { number: 2, from: '2025-08', to: '2025-08-zz' },
        { number: 3, from: '2025-09', to: '2025-09-zz' },
        { number: 4, from: '2025-10', to: '2025-11-zz' },
      ],
      ratios: { member: 1, hedger: 1, speculator: 1.1 },
    });
  });

  it('C: method 10, priority 1, a butterfly of tiers 14, 15 × 2, 16 at 100', () => {
    expect(readTierSpreadRecord(lineOf('C'))).toEqual({
      commodity: '06',
      method: '10',
      priority: 1,
      charge: 100,
      legs: [
        { legNumber: 1, tier: 14, deltaPerSpread: 1, side: 'A' },
        { legNumber: 2, tier: 15, deltaPerSpread: 2, side: 'B' },
        { legNumber: 3, tier: 16, deltaPerSpread: 1, side: 'A' },
      ],
    });
  });

  it('E: charge 250, 2509 × 1 A, 2512 × 2 B, 2603 × 1 A', () => {
    const leg = (month: string, deltaPerSpread: number, side: string) => ({
      from: month,
      to: `${month}-zz`,
      deltaPerSpread,
      side,
    });
    expect(readSeriesSpreadRecord(lineOf('E'))).toEqual({
      commodity: '17',
      spread: {
        priority: 1,
        kind: 'series',
        rate: 250,
        legs: [leg('2025-09', 1, 'A'), leg('2025-12', 2, 'B'), leg('2026-03', 1, 'A')],
      },
    });
  });

  it('4: short option minimum 170 by method 1, delivery 1 on spreads in 202506', () => {
    expect(readDeliveryRecord(lineOf('4'))).toEqual({
      commodity: 'YM',
      method: '10',
      charges: [{ month: '2025-06', spread: 1, outright: 0 }],
      shortOptionMinimum: { rate: 170, method: 'max' },
      adjustments: { member: 1, hedger: 1, speculator: 1 },
    });
  });

  it('6: credit 0.98, method 04, NY-HH against NY-HP into NY-NG', () => {
    expect(readIntercommodityRecord(lineOf('6'))).toEqual({
      group: 'ALL',
      methodCode: '04',
      targetExchange: 'NYM',
      targetDelta: 1,
      legExchanges: ['NYM', 'NYM'],
      spread: {
        priority: 1,
        rate: 0.98,
        method: 'scanning',
        target: 'NY-NG',
        isSuper: true,
        legs: [
          { underlying: 'NY-HH', ratio: 1, side: 'A' },
          { underlying: 'NY-HP', ratio: 1, side: 'B' },
        ],
      },
    });
  });

  it('81: values 1–9 of a future with scan range 1 700, and its precise price', () => {
    expect(readFirstArrayRecord(lineOf('81'))).toEqual({
      exchange: 'CBT',
      product: '06',
      underlyingProduct: '06',
      type: 'FUT',
      right: null,
      futureMonth: '2025-07',
      optionMonth: null,
      strikeDigits: '',
      values: [0, 0, -567, -567, 567, 567, -1133, -1133, 1133],
      precisePriceDigits: '00000000284100',
      usesPrecisePrice: false,
    });
  });

  it('82: values 10–16 of a call, deltas, volatility and price', () => {
    const record = readSecondArrayRecord(lineOf('82'));
    expect(record).toEqual({
      exchange: 'CBT',
      product: '06',
      underlyingProduct: '06',
      type: 'OOF',
      right: 'call',
      futureMonth: '2025-07',
      optionMonth: '2025-07',
      strikeDigits: '0000145',
      values: [0, 0, 0, 0, 0, 0, 0],
      compositeDelta: 0,
      impliedVolatility: 0.25,
      priceDigits: '0139100',
      priceSign: 1,
      strikeSign: 1,
      currentDelta: 1,
      contractValueFactor: null,
    });
    // The future stands at 284.100 and the strike at 145: with three decimals the price of the call is its intrinsic
    // value, 139.100.
    const price = Number(readPrice(record.priceDigits, 1, { decimals: 3, alignment: '0' }));
    const strike = Number(readPrice(record.strikeDigits, 1, { decimals: 0, alignment: '0' }));
    const future = Number(readPrice('00000000284100', 1, { decimals: 3, alignment: '0' }));
    expect(price).toBeCloseTo(future - strike, 9);
  });
});
