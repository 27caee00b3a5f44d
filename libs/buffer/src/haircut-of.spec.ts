import { type HaircutSchedule, parseInstant } from '@ballast/domain';
import { haircutOf } from './haircut-of';

const asOf = parseInstant('2026-11-21T21:00:00Z', 'asOf');
const schedule: HaircutSchedule = {
  name: 'HOUSE',
  rules: [
    { assetClass: 'Notes', minimumYears: 0, maximumYears: 1, haircut: 0.01 },
    { assetClass: 'Notes', minimumYears: 1, maximumYears: 3, haircut: 0.02 },
    { assetClass: 'Notes', minimumYears: 3, maximumYears: 10, haircut: 0.03 },
    { assetClass: 'Corporate', haircut: 0.3 },
    { assetClass: 'Corporate', rating: 'AA', haircut: 0.15 },
    { assetClass: 'Gold', haircut: 0.15 },
  ],
  limits: [],
};
const find = (position: Parameters<typeof haircutOf>[0]['position']) => {
  const finding = haircutOf({ schedule, position, asOf });
  return finding.status === 'found' ? finding.haircut : finding.reason;
};

describe('haircutOf', () => {
  it.each([
    ['2027-11-20', 0.01],
    ['2027-11-21', 0.02],
    ['2029-11-20', 0.02],
    ['2029-11-21', 0.03],
    ['2036-11-20', 0.03],
  ])('maturing on %s has a haircut of %d: the lower bound belongs to the bucket', (maturity, haircut) => {
    expect(find({ assetClass: 'Notes', maturity })).toBe(haircut);
  });

  it('prefers the rule of the rating', () => {
    expect(find({ assetClass: 'Corporate', rating: 'AA' })).toBe(0.15);
    expect(find({ assetClass: 'Corporate', rating: 'BBB' })).toBe(0.3);
    expect(find({ assetClass: 'Corporate' })).toBe(0.3);
    expect(find({ assetClass: 'Gold', maturity: '2099-01-01' })).toBe(0.15);
  });

  it.each([
    [
      { assetClass: 'Notes', maturity: '2036-11-21' },
      'the schedule HOUSE has no rule for Notes maturing on 2036-11-21',
    ],
    [{ assetClass: 'Notes' }, 'the schedule HOUSE has no rule for Notes without a maturity'],
    [{ assetClass: 'Notes', maturity: '2026-11-21' }, 'matured on 2026-11-21'],
    [{ assetClass: 'Art' }, 'Art is not on the schedule HOUSE'],
  ])('does not accept %j', (position, reason) => {
    expect(find(position)).toBe(reason);
  });
});
