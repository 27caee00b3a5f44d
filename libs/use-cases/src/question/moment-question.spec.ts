import { type Instant, instantOf } from '@ballast/domain';
import { momentAsked, momentKey } from './moment-question';

const [then, later, now] = [1_000, 2_000, 3_000].map(instantOf) as [Instant, Instant, Instant];

describe('momentAsked', () => {
  it.each([
    ['no moment: all that is known, as true now', { now }, { validAt: now, isLearntLater: false, isNewest: true }],
    [
      'a past moment: as known then',
      { asOf: then, now },
      { validAt: then, knownAt: then, isLearntLater: true, isNewest: false },
    ],
    [
      'a moment to come: all that is known',
      { asOf: now, now: then },
      { validAt: now, isLearntLater: false, isNewest: false },
    ],
    [
      'both times: exactly those',
      { asOf: then, knownAt: later, now },
      { validAt: then, knownAt: later, isLearntLater: false, isNewest: false },
    ],
    [
      'only known time: now, as known then',
      { knownAt: later, now },
      { validAt: now, knownAt: later, isLearntLater: false, isNewest: false },
    ],
  ])('%s', (_, question, asked) => {
    expect(momentAsked(question)).toEqual(asked);
  });
});

it('gives questions of one moment one key', () => {
  expect(momentKey({ asOf: then, now })).toBe(momentKey({ now, asOf: then, knownAt: undefined }));
  expect(momentKey({ asOf: then, now })).not.toBe(momentKey({ knownAt: then, now }));
});
