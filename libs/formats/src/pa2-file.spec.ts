import { inventMarket } from '../../../test/support/risk-file-generator';
import { writePa2 } from '../../../test/support/risk-file-generator-pa2';
import { readArrayParameterRecord, readIntercommodityRecord } from './pa2-intercommodity-record';
import { Pa2Line } from './pa2-line';
import { readPrice } from './pa2-price';
import { readCommodityRecord, readCurrencyRecord, readPriceRecord, readScanTierRecord } from './pa2-record';
import { readPa2File } from './pa2-file';
import type { RiskParameterFile } from './risk-parameter-file';

const lines = [...writePa2(inventMarket({ commodities: 2, months: 2, strikes: 2 }))]
  .join('')
  .split('\r\n')
  .slice(0, -1);

function read(text: string | Uint8Array): Promise<RiskParameterFile> {
  const bytes = (async function* () {
    yield typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  })();
  const selection = { hasProduct: () => true, has: () => true };
  return readPa2File({ source: { name: 'f.pa2', bytes }, selection, accountType: 'member' });
}

/** Lays cells at their columns, counted from 1. */
function line(...cells: readonly (readonly [number, string])[]): Pa2Line {
  let text = '';
  for (const [column, cell] of cells) text = text.padEnd(column - 1).slice(0, column - 1) + cell;
  return new Pa2Line('f.pa2', 7, text);
}

function changed(type: string, change: (line: string) => string): string {
  const at = lines.findIndex((candidate) => candidate.startsWith(type));
  return [...lines.slice(0, at), change(lines[at] as string), ...lines.slice(at + 1)].join('\n');
}

const put = (text: string, column: number, cell: string) =>
  text.slice(0, column - 1) + cell + text.slice(column - 1 + cell.length);

describe('readPa2File on damaged files', () => {
  it.each([
    ['an empty file', '', 'f.pa2: the file is empty'],
    ['no record 0', lines.slice(1).join('\n'), 'starts with record 0'],
    ['two files joined', [...lines, lines[0]].join('\n'), 'a second record 0'],
    ['a file cut between 81 and 82', lines.slice(0, -1).join('\n'), 'record 81 is not followed by its record 82'],
    ['an 82 without its 81', [...lines, lines.at(-1)].join('\n'), 'does not follow the record 81'],
    ['an 82 of another contract', changed('82', (text) => put(text, 30, '209901')), 'does not follow the record 81'],
    ['a short line', changed('81', (text) => text.slice(0, 100)), 'record 81 has 100 columns and needs 108'],
    ['a letter in an array', changed('81', (text) => put(text, 55, '0x0')), 'column 55–59: value "0x000": array value'],
    ['a missing sign', changed('81', (text) => put(text, 60, ' ')), 'column 60'],
    ['a blank array value', changed('82', (text) => put(text, 55, '     ')), 'array value is missing'],
    ['an impossible month', changed('81', (text) => put(text, 30, '202613')), 'expected a month as CCYYMM'],
    ['a wrong date', changed('0', (text) => put(text, 9, '20261301')), 'expected CCYYMMDD'],
    ['an unknown record', [...lines, 'QQ something'].join('\n'), 'no record type of the expanded format'],
    ['an unknown commodity', changed('3', (text) => put(text, 3, 'NOPE  ')), 'no record 2 defines this'],
    ['an unknown tier', changed('C', (text) => put(text, 24, '09')), 'has no such tier'],
    ['a leg without side', changed('C', (text) => put(text, 28, 'X')), 'expected side A or B'],
    ['a spread of one leg', changed('C', (text) => put(text, 13, '01')), 'two legs or more'],
    [
      'a product in two commodities',
      changed('2', (text) => put(text, 23, 'F001 ').replace('XAA', 'XBB')),
      'belongs to',
    ],
    ['a credit above 100 %', changed('6', (text) => put(text, 10, '1500000')), 'more than 100 %'],
    ['an unknown alignment', changed('P', (text) => put(text, 40, 'Q')), 'price alignment "Q" is not known'],
    ['CR alone as line end', lines.join('\r'), 'not a positional file'],
    ['an endless line', `${lines[0]}\n${'x'.repeat(5000)}`, 'more than 4 096 columns'],
    ['a NUL byte', `${lines[0]}\n81\0`, 'f.pa2:2: NUL byte'],
    ['an archive', Uint8Array.of(0x1f, 0x8b, 8, 0), 'a gzip archive'],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 48, 0), 'UTF-16'],
  ])('refuses %s', async (_, text, reason) => {
    await expect(read(text)).rejects.toThrow(reason);
    await expect(read(text)).rejects.toMatchObject({ name: 'FileRefusal' });
  });

  it('takes either line end, blank lines, a closing Ctrl-Z and no last line end', async () => {
    const whole = await read(lines.join('\r\n'));
    const other = await read(`${lines.join('\n')}\n\n\x1a`);
    expect(other.contracts).toEqual(whole.contracts);
  });

  it('counts records of every type, also those it does not compute with', async () => {
    const { recordCounts } = await read([...lines, 'X SYN', 'Y SYN'].join('\n'));
    expect(Object.fromEntries(recordCounts)).toMatchObject({ '0': 1, '2': 2, '5': 1, V: 1, X: 1, Y: 1, Z: 1 });
    expect(recordCounts.get('81')).toBe(recordCounts.get('82'));
  });

  it('says so where strikes have no record P', async () => {
    const { warnings, contracts } = await read(lines.filter((text) => !text.startsWith('P ')).join('\n'));
    expect(warnings.join()).toContain('no record P');
    expect(contracts.every(({ price }) => price === null)).toBe(true);
  });
});

describe('prices of positional files', () => {
  it.each([
    ['decimals', '0284100', 1, { decimals: 3, alignment: '0' }, '284.1'],
    ['no decimals', '0000042', 1, { decimals: 0, alignment: '' }, '42'],
    ['negative locator', '0000042', 1, { decimals: -2, alignment: '' }, '4200'],
    ['a negative price (WTI, 2020-04-20)', '0003763', -1, { decimals: 2, alignment: '' }, '-37.63'],
    ['more decimals than digits', '5', 1, { decimals: 4, alignment: '' }, '0.0005'],
    ['all nines: no price', '9999999', 1, { decimals: 2, alignment: '' }, null],
    ['all nines of a high-precision field', '99999999999999', 1, { decimals: 2, alignment: '' }, null],
    ['blank: no price', '', 1, { decimals: 2, alignment: '' }, null],
    ['eighths, 452 6/8', '0004526', 1, { decimals: 0, alignment: 'E' }, '452.75'],
    ['32nds, 110-16', '0011016', 1, { decimals: 0, alignment: 'T' }, '110.5'],
    ['64ths, 110-16', '0011016', 1, { decimals: 0, alignment: 'X' }, '110.25'],
    ['half 32nds, 110-16½', '0110165', 1, { decimals: 0, alignment: 'U' }, '110.515625'],
    ['quarter 32nds, 110-16¼', '0110162', 1, { decimals: 0, alignment: 'V' }, '110.5078125'],
    ['half 64ths, 110-33½', '0110335', 1, { decimals: 0, alignment: 'Y' }, '110.5234375'],
    ['cut quarters', '0000992', 1, { decimals: 1, alignment: 'K' }, '99.25'],
    ['cut quarters, whole', '0000995', 1, { decimals: 1, alignment: 'K' }, '99.5'],
    ['cut eighths', '0000998', 1, { decimals: 1, alignment: 'C' }, '99.875'],
  ] as const)('%s', (_, digits, sign, format, expected) => {
    expect(readPrice(digits, sign, format)).toBe(expected);
  });

  it.each([['T', '0011032'], ['E', '0004529'], ['V', '0110163'], ['?', '0000001']])(
    'refuses what is no fraction: %s %s',
    (alignment, digits) => {
      expect(() => readPrice(digits, 1, { decimals: 0, alignment })).toThrow(RangeError);
    },
  ); // prettier-ignore

  it('uses the precise price exactly when the flag says Y', async () => {
    const at = lines.findIndex((text) => text.startsWith('81'));
    const price = async (flag: string, precise: string, usual: string) => {
      const own = [...lines];
      own[at] = put(put(own[at] as string, 109, precise), 123, flag);
      own[at + 1] = put(own[at + 1] as string, 111, usual);
      return (await read(own.join('\n'))).contracts[0]?.price;
    };
    expect(await price('N', '00000000111000', '0222000')).toBe(222);
    expect(await price('Y', '00012345678901', '9999999')).toBe(12_345_678.901);
    expect(await price('Y', '99999999999999', '0222000')).toBeNull();
    expect(await price('N', '00000000111000', '9999999')).toBeNull();
  });
});

describe('records of the expanded format', () => {
  it('B: VSR in columns 45–52 only, extreme multiplier with 3 decimals, cover with 4', () => {
    const record = readArrayParameterRecord(
      line([1, 'B'], [3, 'CBT'], [6, '06'], [16, 'FUT'], [19, '202507'], [37, '00250000'], [45, '00040000'],
        [53, '01700'], [58, '03000'], [63, '03300'], [68, '00435'], [73, '0250000'], [80, '000000'], [86, '010000'],
        [92, '20250714'], [100, '06'], [110, '01'], [164, 'PA']),
    ); // prettier-ignore
    expect(record).toMatchObject({
      baseVolatility: 0.25,
      volatilityScanRange: 0.04,
      priceScanRange: 1700,
      extremeMultiplier: 3,
      coverFraction: 0.33,
      interestRate: 0.0435,
      yearsToExpiry: 0.25,
      deltaScaling: 1,
      expiry: '20250714',
      pricingModel: '01',
      volatilityQuotation: 'P',
      priceQuotation: 'A',
    });
    // The real array of that future: a full scan of 1 700, extremes 3 × 0.33 of it.
    expect(3 * 0.33 * 1700).toBeCloseTo(1683, 9);
  });

  it('B: a price scan range that does not fit has an exponent', () => {
    const cells = [[1, 'B'], [3, 'CME'], [6, 'NK'], [16, 'FUT'], [19, '202509'], [53, '12345'], [86, '010000'], [166, '02+']] as const; // prettier-ignore
    expect(readArrayParameterRecord(line(...cells)).priceScanRange).toBe(1_234_500);
  });

  it('2: products with the scale of their arrays', () => {
    const record = readCommodityRecord(
      line([1, '2'], [3, 'CME'], [7, 'NK'], [13, '2'], [14, 'JPY'], [17, 'Y'], [18, 'P'], [19, 'Y'], [23, 'NK'],
        [33, 'FUT'], [36, '2+'], [39, 'NK'], [49, 'OOF'], [52, '1-']),
    ); // prettier-ignore
    expect(record).toEqual({
      exchange: 'CME',
      commodity: 'NK',
      riskExponent: 2,
      currency: 'JPY',
      premiumStyle: 'equity',
      capNetOptionValue: true,
      products: [
        { product: 'NK', type: 'FUT', arrayScale: 0.01 },
        { product: 'NK', type: 'OOF', arrayScale: 10 },
      ],
    });
  });

  it('P: locators, alignment, value factor with exponent, valuation', () => {
    const record = readPriceRecord(
      line([1, 'P'], [3, 'CBT'], [6, '06'], [16, 'OOF'], [19, 'SOYBEAN MEAL'], [34, '-02'], [37, '002'], [40, 'E'],
        [41, 'K'], [42, '00001000000000'], [66, 'USD'], [70, 'STD'], [73, '-'], [74, '01'], [117, 'FUT']),
    ); // prettier-ignore
    expect(record).toMatchObject({
      settlement: { decimals: -2, alignment: 'E' },
      strike: { decimals: 2, alignment: 'K' },
      contractValueFactor: 10,
      premiumStyle: 'futures',
    });
  });

  it('S: tiers of the short option minimum, and the method of the price risk', () => {
    const record = readScanTierRecord(
      line([1, 'S'], [3, 'CC'], [9, '30'], [11, '02'], [13, '01202507202508'], [27, '02202509202512'], [83, '3'],
        [104, '0000035'], [111, '0000070']),
    ); // prettier-ignore
    expect(record.weightedFuturesPriceRisk).toBe('scan-range-cap');
    expect(record.tiers.map(({ from, to, minimum }) => [from, to, minimum])).toEqual([
      ['2025-07', '2025-08-zz', 35],
      ['2025-09', '2025-12-zz', 70],
    ]);
  });

  it('6: a flat credit is an amount', () => {
    const record = readIntercommodityRecord(
      line([1, '6'], [3, 'ALL'], [6, '0012'], [10, '0000250'], [17, 'CME ED    0010000A'], [35, 'CBT 17    0025000B'], [89, '10'], [101, 'F']),
    ); // prettier-ignore
    expect(record.spread).toMatchObject({ priority: 12, rate: 250, method: 'flat', isSuper: false, target: null });
    expect(record.spread.legs[1]).toEqual({ underlying: '17', ratio: 2.5, side: 'B' });
  });

  it('T: one unit of the second currency in the first', () => {
    expect(readCurrencyRecord(line([1, 'T'], [3, 'USD$EURE'], [11, '0001082500']))).toEqual({
      from: 'EUR',
      to: 'USD',
      rate: 1.0825,
    });
  });
});
