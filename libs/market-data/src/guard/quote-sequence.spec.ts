import { instantOf, type QuoteFlag } from '@ballast/domain';
import { checkSequence, type SequencedValue } from './quote-sequence';

const minute = 60_000;
const tick = (value: number | null, minutes: number, flags: readonly QuoteFlag[] = []): SequencedValue => ({
  value,
  at: instantOf(1_000_000_000 + minutes * minute),
  flags,
});
const flags = (seen: SequencedValue, before: readonly SequencedValue[], secondSource: number | null = null) =>
  checkSequence({ seen, before, volatility: 0.8, secondSource });

describe('checkSequence', () => {
  it.each([
    ['nothing before', tick(100, 0), [], []],
    ['a small move', tick(109, 1), [tick(100, 0)], []],
    ['−16 % in a minute', tick(84, 1), [tick(100, 0)], ['Q_SPIKE']],
    ['+300 % in a minute', tick(400, 1), [tick(100, 0)], ['Q_SPIKE']],
    ['−16 % in a day, which 8 σ allow', tick(84, 1440), [tick(100, 0)], []],
    ['an older value', tick(100, -1), [tick(100, 0)], ['Q_OUT_OF_ORDER']],
    ['the same value again', tick(100, 0), [tick(100, 0)], ['Q_DUP']],
    ['a missing value', tick(null, 1), [tick(100, 0)], []],
    ['the way back from a spike', tick(100, 2), [tick(84, 1, ['Q_SPIKE']), tick(100, 0)], []],
    ['a second tick at the new level', tick(84, 2), [tick(84, 1, ['Q_SPIKE']), tick(100, 0)], ['Q_SPIKE']],
    ['a third one', tick(84, 3), [tick(84, 2, ['Q_SPIKE']), tick(84, 1, ['Q_SPIKE'])], []],
    ['a negative price that spikes', tick(-37.63, 1), [tick(-10, 0)], ['Q_SPIKE']],
  ] as [string, SequencedValue, SequencedValue[], QuoteFlag[]][])('finds in %s', (_, seen, before, found) => {
    expect(flags(seen, before)).toEqual(found);
  });

  it('believes a move that a second source shows too', () => {
    expect(flags(tick(84, 1), [tick(100, 0)], 85)).toEqual([]);
    expect(flags(tick(84, 1), [tick(100, 0)], 100)).toEqual(['Q_SPIKE']);
  });
});
