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

  it('takes several low numbers in a row without times, which say something new, for a source that began anew', () => {
    const watch = new SequenceWatch(null);
    const said = (sequence: number, word: string) => watch.observe({ sequence, at: null, word }, now);
    for (let number = 1; number <= 9; number += 1) expect(said(number, `old ${number}`)).toBe('next');
    // A source that sends again what it sent says the same.
    expect([5, 6, 7, 8, 9].map((number) => said(number, `old ${number}`))).toEqual(Array(5).fill('repeated'));
    expect([1, 3, 4, 2].map((number) => said(number, 'new'))).toEqual(Array(4).fill('repeated'));
    expect([1, 2, 3].map((number) => said(number, 'new'))).toEqual(['repeated', 'repeated', 'began-anew']);
    expect([watch.position, watch.missing]).toEqual([3, [{ from: 10, to: 10, since: now }]]);
    expect([4, 5].map((number) => said(number, 'new'))).toEqual(['next', 'next']);
    expect(said(4, 'new')).toBe('repeated');
  });

  it('does not take what an earlier process took for a source that began anew', () => {
    const watch = new SequenceWatch(6);
    const said = [1, 2, 3, 4, 5, 6, 7, 2, 3, 4].map((sequence) =>
      watch.observe({ sequence, at: null, word: 'x' }, now),
    );
    expect(said).toEqual([...Array(6).fill('repeated'), 'next', 'repeated', 'repeated', 'began-anew']);
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
