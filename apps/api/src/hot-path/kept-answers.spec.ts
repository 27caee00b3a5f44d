import fc from 'fast-check';
import { ageHole, cutAtAges } from './answer-ages';
import { KeptAnswers } from './kept-answers';

const at = (text: string, life = 1) => ({ life, text: `${text} 1700000000.5` });
const named = (key: string, firmId = 'A') => ({ firmId, key });
const always = { from: 0, until: Infinity };

const find = (kept: KeptAnswers, ...asked: Parameters<KeptAnswers['find']>) => kept.find(...asked);

describe('KeptAnswers', () => {
  it('gives an answer only at the moment of the record at which it was read', () => {
    const kept = new KeptAnswers();
    kept.keep(named('q'), cutAtAges('one'), { moment: at('10:12:10'), ...always });
    expect(kept.has(named('q'))).toBe(true);
    expect(find(kept, named('q'), 5, at('10:12:10'))).toBe('one');
    expect(find(kept, named('q', 'B'), 5, at('10:12:10'))).toBeNull();
    expect(find(kept, named('other'), 5, at('10:12:10'))).toBeNull();
    // Transaction 10 is over: the same bounds, another list.
    expect(find(kept, named('q'), 5, at('12:12:'))).toBeNull();
    expect([kept.has(named('q')), kept.weight]).toEqual([false, 0]);
  });

  it('tells a server that crashed and gave numbers away again from the one before', () => {
    const kept = new KeptAnswers();
    kept.keep(named('q'), cutAtAges('one'), { moment: at('10:12:10', 1), ...always });
    expect(find(kept, named('q'), 5, at('10:12:10', 2))).toBeNull();
    kept.keep(named('q'), cutAtAges('late'), { moment: at('10:12:10', 1), ...always });
    expect(find(kept, named('q'), 5, at('10:12:10', 2))).toBeNull();
  });

  it.each([
    ['a later number', '10:13:10', '10:12:10'],
    ['fewer that run', '10:14:10', '10:14:10,12'],
    ['none that runs', '14:14:', '10:14:10'],
  ])('does not go back to an earlier moment: %s', (_what, later, earlier) => {
    const kept = new KeptAnswers();
    kept.keep(named('q'), cutAtAges('new'), { moment: at(later), ...always });
    kept.keep(named('q'), cutAtAges('old'), { moment: at(earlier), ...always });
    expect(find(kept, named('q'), 5, at(earlier))).toBeNull();
    expect(find(kept, named('q'), 5, at(later))).toBe('new');
  });

  it('gives an answer from its own instant until time alone may change it, with ages of the moment', () => {
    const kept = new KeptAnswers();
    kept.keep(named('q'), cutAtAges(`{"ageMs":${ageHole(100)}}`), { moment: at('1:1:'), from: 150, until: 300 });
    expect([149, 150, 299, 300].map((now) => find(kept, named('q'), now, at('1:1:')))).toEqual([
      null,
      '{"ageMs":50}',
      '{"ageMs":199}',
      null,
    ]);
  });

  it('stays within its bounds, takes room from the largest, and leaves the last answers of a small firm alone', () => {
    const bounds = { total: 10_000, perFirm: 8_000 };
    const moment = at('1:1:');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.nat(30), fc.nat(9_000)), { maxLength: 60 }),
        (steps) => {
          const kept = new KeptAnswers(bounds);
          kept.keep(named('small', 'S'), cutAtAges('x'), { moment, ...always });
          const last = new Map<string, string>();
          for (const [firmId, key, length] of steps) {
            const text = 'y'.repeat(length);
            kept.keep(named(`${key}`, firmId), cutAtAges(text), { moment, ...always });
            last.set(`${firmId} ${key}`, text);
            expect(kept.weight).toBeLessThanOrEqual(bounds.total);
          }
          for (const [name, text] of last) {
            const [firmId = '', key = ''] = name.split(' ');
            const found = find(kept, named(key, firmId), 1, moment);
            if (found !== null && text.length < 7_000) expect(found).toBe(text);
          }
          expect(find(kept, named('small', 'S'), 1, moment)).toBe('x');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('replaces an answer of the same name and keeps none under an endless name', () => {
    const kept = new KeptAnswers();
    const moment = at('1:1:');
    kept.keep(named('q'), cutAtAges('one'), { moment, ...always });
    const { weight } = kept;
    kept.keep(named('q'), cutAtAges('two'), { moment, ...always });
    expect([find(kept, named('q'), 1, moment), kept.weight]).toEqual(['two', weight]);
    kept.keep(named('q'.repeat(1_001)), cutAtAges('one'), { moment, ...always });
    expect(kept.weight).toBe(weight);
  });
});
