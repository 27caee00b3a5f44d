import { Decimal } from './decimal';
import { checkHaircutSchedule, type HaircutSchedule } from './haircut-schedule';

const rule = { assetClass: 'T-Notes', minimumYears: 1, maximumYears: 3, haircut: 0.02 };
const schedule = (changes: Partial<HaircutSchedule>): HaircutSchedule => ({
  name: 'HOUSE',
  rules: [rule],
  limits: [],
  ...changes,
});

describe('checkHaircutSchedule', () => {
  it('takes buckets that meet, ratings beside each other, and limits per target', () => {
    const sound = schedule({
      rules: [
        rule,
        { ...rule, minimumYears: 3, maximumYears: 5 },
        { ...rule, rating: 'AA' },
        { assetClass: 'Physical gold', haircut: 0.15 },
      ],
      limits: [
        { scope: 'asset', target: '*', share: 0.5, excessHaircut: 1 },
        { scope: 'class', target: '*', amount: { amount: new Decimal(0), currency: 'USD' }, excessHaircut: 0.5 },
      ],
    });
    expect(checkHaircutSchedule(sound)).toBe(sound);
  });

  it.each([
    ['rules', schedule({ rules: [] })],
    ['rules[0].haircut', schedule({ rules: [{ ...rule, haircut: 1.01 }] })],
    ['rules[0].haircut', schedule({ rules: [{ ...rule, haircut: Number.NaN }] })],
    ['rules[0].minimumYears', schedule({ rules: [{ ...rule, minimumYears: 3 }] })],
    ['rules[1].minimumYears', schedule({ rules: [rule, { ...rule, minimumYears: 2, maximumYears: 4 }] })],
    ['rules[1].minimumYears', schedule({ rules: [rule, { assetClass: 'T-Notes', haircut: 0 }] })],
    ['limits[0]', schedule({ limits: [{ scope: 'asset', target: 'X', excessHaircut: 1 }] })],
    ['limits[0].share', schedule({ limits: [{ scope: 'asset', target: 'X', share: 2, excessHaircut: 1 }] })],
    ['limits[0].excessHaircut', schedule({ limits: [{ scope: 'asset', target: 'X', share: 1, excessHaircut: -1 }] })],
    [
      'limits[1].target',
      schedule({ limits: [0.1, 0.2].map((share) => ({ scope: 'class', target: 'X', share, excessHaircut: 1 })) }),
    ],
  ])('refuses %s', (field, bad) => {
    expect(() => checkHaircutSchedule(bad)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', field }));
  });
});
