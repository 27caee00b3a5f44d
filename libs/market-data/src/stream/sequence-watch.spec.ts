import { instantOf } from '@ballast/domain';
import fc from 'fast-check';
import { SequenceWatch } from './sequence-watch';

const now = instantOf(1_000_000);
const message = (sequence: number, at: number | null = sequence) => ({
  sequence,
  at: at === null ? null : instantOf(at),
});

describe('SequenceWatch', () => {
  it('tells a gap, the late numbers that fill it and repetitions', () => {
    const watch = new SequenceWatch(null);
    const findings = [5, 6, 9, 7, 7, 9, 8, 10].map((number) => watch.observe(message(number), now));
    expect(findings).toEqual(['next', 'next', 'gap', 'filled', 'repeated', 'repeated', 'filled', 'next']);
    expect([watch.position, watch.missing]).toEqual([10, []]);
  });

  it('goes on from the number it is told, and keeps what is left of a gap', () => {
    const watch = new SequenceWatch(41);
    expect(watch.observe(message(46), now)).toBe('gap');
    expect(watch.observe(message(44), now)).toBe('filled');
    expect(watch.missing).toEqual([
      { from: 42, to: 43, since: now },
      { from: 45, to: 45, since: now },
    ]);
    watch.forgetBefore(now);
    expect(watch.missing).toHaveLength(2);
    watch.forgetBefore(instantOf(now + 1));
    expect(watch.missing).toEqual([]);
  });

  it('takes a low number with newer data for a source that began anew, and one without for a repetition', () => {
    const watch = new SequenceWatch(null);
    watch.observe(message(100, 50), now);
    expect(watch.observe(message(1, 40), now)).toBe('repeated');
    expect(watch.observe(message(1, null), now)).toBe('repeated');
    expect(watch.observe(message(1, 60), now)).toBe('began-anew');
    expect(watch.missing).toEqual([{ from: 101, to: 101, since: now }]);
    expect(watch.observe(message(2, 61), now)).toBe('next');
  });

  it('misses nothing in the end, in whatever order and however often numbers come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(1_000), { maxLength: 80 }), (count, picks) => {
        const watch = new SequenceWatch(0);
        const order = [...picks.map((pick) => 1 + (pick % count)), ...Array.from({ length: count }, (_, index) => 1 + index)]; // prettier-ignore
        const taken = order.filter((number) => !['repeated'].includes(watch.observe(message(number), now)));
        expect([...taken].sort((left, right) => left - right)).toEqual(Array.from({ length: count }, (_, i) => 1 + i));
        expect([watch.position, watch.missing]).toEqual([count, []]);
      }),
    );
  });

  it('remembers a thousand gaps and no more', () => {
    const watch = new SequenceWatch(0);
    for (let number = 2; number <= 4_000; number += 2) watch.observe(message(number), now);
    expect(watch.missing).toHaveLength(1_000);
  });
});
