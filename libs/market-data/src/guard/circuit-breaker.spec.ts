import { instantOf } from '@ballast/domain';
import { type BreakerState, type FeedObservation, observeFeed, observeLate } from './circuit-breaker';

const at = (seconds: number) => instantOf(1_000_000_000 + seconds * 1_000);
const seen = (seconds: number, bad: number, underlyings: readonly string[] = []): FeedObservation => ({
  at: at(seconds),
  instrumentCount: 100,
  badInstruments: Array.from({ length: bad }, (_, index) => `I${index}`),
  badUnderlyings: underlyings.map((id) => ({ id, kind: id.startsWith('E') ? 'equity' : 'crypto' })),
});
/** Events of a sequence of snapshots. */
const play = (...steps: readonly FeedObservation[]) => {
  let state: BreakerState | null = null;
  return steps.map((step) => {
    const result = observeFeed(state, step);
    // The state survives a trip through the record.
    state = JSON.parse(JSON.stringify(result.state)) as BreakerState;
    return result.event;
  });
};

describe('observeFeed', () => {
  it.each([
    ['5 instruments of 100 turn bad', [seen(0, 0), seen(10, 5)], 'ACCEPTED'],
    ['6 of 100 turn bad', [seen(0, 0), seen(10, 6)], 'TRIPPED'],
    ['6 were bad from the start', [seen(0, 6), seen(10, 6)], 'ACCEPTED'],
    ['6 turn bad one by one within a minute', [0, 1, 2, 3, 4, 5, 6].map((bad) => seen(bad * 9, bad)), 'TRIPPED'],
    ['6 turn bad one by one over two minutes', [0, 1, 2, 3, 4, 5, 6].map((bad) => seen(bad * 20, bad)), 'ACCEPTED'],
    ['6 are bad a day later', [seen(0, 0), seen(86_400, 6)], 'ACCEPTED'],
    ['one underlying turns bad', [seen(0, 0), seen(10, 0, ['E1'])], 'ACCEPTED'],
    ['two of one kind turn bad', [seen(0, 0), seen(10, 0, ['E1', 'E2'])], 'TRIPPED'],
    ['two of different kinds turn bad', [seen(0, 0), seen(10, 0, ['E1', 'C1'])], 'ACCEPTED'],
    [
      'two of one kind turn bad one after the other',
      [seen(0, 0), seen(10, 0, ['E1']), seen(50, 0, ['E1', 'E2'])],
      'TRIPPED',
    ],
  ] as [string, FeedObservation[], string][])('where %s', (_, steps, event) => {
    expect(play(...steps).at(-1)).toBe(event);
  });

  it('recovers after three clean snapshots in a row, and not before', () => {
    expect(play(seen(0, 0), seen(10, 9), seen(20, 9), seen(30, 1), seen(40, 0), seen(50, 9), seen(60, 0), seen(70, 0), seen(80, 2), seen(90, 0))).toEqual([
      'ACCEPTED', 'TRIPPED', 'FROZEN', 'CLEAN', 'CLEAN', 'FROZEN', 'CLEAN', 'CLEAN', 'RECOVERED', 'ACCEPTED',
    ]); // prettier-ignore
  });

  it('does not trip again over what recovered with it', () => {
    expect(play(seen(0, 0), seen(1, 9), seen(2, 3), seen(3, 3), seen(4, 3), seen(5, 3)).at(-1)).toBe('ACCEPTED');
  });

  it('names what turned bad', () => {
    const first = observeFeed(null, seen(0, 0)).state;
    expect(observeFeed(first, seen(5, 8, ['E2', 'E1'])).reasons).toEqual([
      'FEED_SUSPECT: 8 of 100 instruments turned bad',
      'FEED_SUSPECT: 2 underlyings of kind equity turned bad: E1, E2',
    ]);
  });
});

describe('observeLate', () => {
  const live = observeFeed(null, seen(100, 0)).state;
  const suspect = observeFeed(live, seen(110, 9)).state;

  it.each([
    ['a good one of the same instant', live, seen(100, 5), 100, null],
    ['a bad one of the same instant', live, seen(100, 6), 100, 'TRIPPED'],
    ['a bad one of the same minute', live, seen(50, 6), 40, 'TRIPPED'],
    ['a bad one of long ago', live, seen(-900, 60), -1_000, null],
    ['a bad one that takes nobody’s place', live, seen(50, 60), 100, null],
    ['a good one of a suspect feed', suspect, seen(105, 0), 100, 'FROZEN'],
    ['an old one of a suspect feed', suspect, seen(99, 0), 100, null],
  ] as const)('takes %s as it should', (_, state, late, believed, event) => {
    const judged = observeLate(state, late, { believedAt: at(believed) });
    expect(judged?.event ?? null).toBe(event);
    expect(judged?.state.at ?? state.at).toBe(state.at);
  });

  it('leaves the way back of a suspect feed where it was', () => {
    const returning = observeFeed(suspect, seen(120, 0)).state;
    expect(observeLate(returning, seen(115, 0), { believedAt: at(100) })?.state).toEqual(returning);
  });
});
