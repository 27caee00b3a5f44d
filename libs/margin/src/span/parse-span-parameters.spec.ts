import { parseInstant } from '@ballast/domain';
import { parseSpanParameters } from './parse-span-parameters';

const asOf = parseInstant('2026-01-05T12:00:00Z', 'asOf');
const parse = (value: unknown) => parseSpanParameters(value, asOf);

describe('parseSpanParameters', () => {
  it('takes the default set where nothing is overridden', () => {
    expect(parse({}).default.coverFraction).toBe(0.33);
    expect(parse(undefined).intercommodity).toEqual([]);
  });

  it('lets a commodity override the default key by key', () => {
    const { default: byDefault, commodities } = parse({
      default: { coverFraction: 0.32 },
      GC: { priceScanRange: { amount: 16000 } },
    });
    expect(byDefault.coverFraction).toBe(0.32);
    expect(commodities.get('GC')).toMatchObject({ coverFraction: 0.32, priceScanRange: { amount: 16000 } });
  });

  it('reads a spread between commodities', () => {
    const legs = [
      { underlying: 'C', ratio: 2, side: 'A' },
      { underlying: 'S', side: 'B' },
    ];
    expect(parse({ intercommodity: [{ rate: 0.55, legs }] }).intercommodity).toEqual([
      {
        priority: 1,
        rate: 0.55,
        method: 'weighted',
        target: null,
        isSuper: false,
        legs: [legs[0], { underlying: 'S', ratio: 1, side: 'B' }],
      },
    ]);
  });

  const legs = [
    { underlying: 'C', side: 'A' },
    { underlying: 'S', side: 'B' },
  ];
  it.each([
    ['an unknown key of a commodity', { GC: { coverFractoin: 0.3 } }, 'parameters.GC.coverFractoin'],
    ['a commodity that is no object', { GC: 1 }, 'parameters.GC'],
    ['a spread without legs', { intercommodity: [{ rate: 0.5 }] }, 'parameters.intercommodity[0].legs'],
    [
      'legs on one side',
      { intercommodity: [{ rate: 0.5, legs: [legs[0], { underlying: 'S', side: 'A' }] }] },
      'parameters.intercommodity[0].legs',
    ],
    [
      'two legs on one underlying',
      { intercommodity: [{ rate: 0.5, legs: [legs[0], { underlying: 'C', side: 'B' }] }] },
      'parameters.intercommodity[0].legs',
    ],
    ['a credit of more than all', { intercommodity: [{ rate: 1.1, legs }] }, 'parameters.intercommodity[0].rate'],
    [
      'an unknown method',
      { intercommodity: [{ rate: 0.5, method: 'delta', legs }] },
      'parameters.intercommodity[0].method',
    ],
    [
      'a target of a weighted spread',
      { intercommodity: [{ rate: 0.5, target: 'X', legs }] },
      'parameters.intercommodity[0].target',
    ],
    [
      'a ratio of 0',
      { intercommodity: [{ rate: 0.5, legs: [{ ...legs[0], ratio: 0 }, legs[1]] }] },
      'parameters.intercommodity[0].legs[0].ratio',
    ],
  ])('refuses %s', (_, value, field) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', field }));
  });

  it('has no set before the first', () => {
    expect(() => parseSpanParameters({}, parseInstant('1980-01-01T00:00:00Z', 'asOf'))).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_MISSING' }),
    );
  });
});
