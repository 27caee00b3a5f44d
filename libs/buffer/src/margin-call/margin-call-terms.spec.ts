import { parseMarginCallTerms, publishedMarginCallTerms } from './margin-call-terms';

const parse = (value: unknown) => parseMarginCallTerms(value, 'controls.marginCalls', publishedMarginCallTerms);

describe('parseMarginCallTerms', () => {
  it('overrides the published terms key by key', () => {
    expect(publishedMarginCallTerms).toMatchObject({
      dueSessions: 1,
      dueSessionsByMethodology: { TIMS: 3 },
      lateFeeRate: 0,
    });
    const terms = parse({ dueSessions: 2, lateFeeRate: 0.08, calendarByMethodology: { SPAN: 'CME' } });
    expect(terms).toEqual({
      ...publishedMarginCallTerms,
      dueSessions: 2,
      lateFeeRate: 0.08,
      calendarByMethodology: { SPAN: 'CME' },
    });
  });

  it.each([
    [{ due: 1 }, 'controls.marginCalls.due: unknown key'],
    [{ dueSessions: -1 }, 'controls.marginCalls.dueSessions: expected a number'],
    [{ dueSessions: 1.5 }, 'whole number'],
    [{ dueSessions: 61 }, 'controls.marginCalls.dueSessions'],
    [{ lateFeeRate: Number.NaN }, 'controls.marginCalls.lateFeeRate'],
    [{ calendar: '' }, 'controls.marginCalls.calendar'],
    [{ dueSessionsByMethodology: { FUTURES: 1 } }, 'controls.marginCalls.dueSessionsByMethodology.FUTURES'],
    [{ calendarByMethodology: { SPAN: 1 } }, 'controls.marginCalls.calendarByMethodology.SPAN'],
    [{ liquidationPenaltyMinimum: -1 }, 'controls.marginCalls.liquidationPenaltyMinimum'],
    [[], 'expected an object'],
  ])('refuses %j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });
});
