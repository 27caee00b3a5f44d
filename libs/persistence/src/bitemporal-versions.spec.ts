import type { Instant } from '@ballast/domain';
import fc from 'fast-check';
import { type OpenVersion, planVersions } from './bitemporal-versions';

const isEqual = (left: number, right: number): boolean => left === right;
const day = (number: number): Instant => number as Instant;

let versionCount = 0;
/** As in the table, no two versions ever share an identifier, whatever their key. */
const nextVersionId = (): string => `version-${(versionCount += 1)}`;

/** Applies a plan to what is believed, as the table would. */
function apply(
  open: readonly OpenVersion<number>[],
  stated: ReadonlyMap<string, number | null>,
  span: { readonly from: number; readonly until?: number; readonly keepEqual?: boolean },
): OpenVersion<number>[] {
  const plan = planVersions({
    open: open.filter(({ validUntil }) => validUntil === null || validUntil > span.from),
    stated,
    from: day(span.from),
    until: span.until === undefined ? null : day(span.until),
    keepEqual: span.keepEqual ?? false,
    isEqual,
  });
  const kept = open.filter(({ versionId }) => !plan.close.includes(versionId));
  const added = plan.insert.map((version) => ({ ...version, versionId: nextVersionId() }));
  return [...kept, ...added];
}

const valueAt = (open: readonly OpenVersion<number>[], key: string, at: number): number | null => {
  const found = open.filter(
    (version) =>
      version.key === key && version.validFrom <= at && (version.validUntil === null || at < version.validUntil),
  );
  expect(found.length).toBeLessThan(2);
  return found[0]?.value ?? null;
};

const timeline = (open: readonly OpenVersion<number>[], key = 'A'): (number | null)[] =>
  Array.from({ length: 10 }, (_, at) => valueAt(open, key, at));

describe('a statement', () => {
  it('about something new holds until further notice', () => {
    expect(timeline(apply([], new Map([['A', 5]]), { from: 3 }))).toEqual([null, null, null, 5, 5, 5, 5, 5, 5, 5]);
  });

  it('ends what was true before and keeps it for the time before', () => {
    const first = apply([], new Map([['A', 5]]), { from: 1 });
    expect(timeline(apply(first, new Map([['A', 7]]), { from: 4 }))).toEqual([null, 5, 5, 5, 7, 7, 7, 7, 7, 7]);
  });

  it('about the past reaches until the next thing stated, which stays', () => {
    const later = apply(apply([], new Map([['A', 5]]), { from: 2 }), new Map([['A', 9]]), { from: 6 });
    expect(timeline(apply(later, new Map([['A', 7]]), { from: 4 }))).toEqual([null, null, 5, 5, 7, 7, 9, 9, 9, 9]);
    expect(timeline(apply(later, new Map([['A', 7]]), { from: 0 }))).toEqual([7, 7, 5, 5, 5, 5, 9, 9, 9, 9]);
  });

  it('that is bounded gives back what was true after the bound', () => {
    const first = apply([], new Map([['A', 5]]), { from: 1 });
    expect(timeline(apply(first, new Map([['A', 7]]), { from: 3, until: 6 }))).toEqual([
      null,
      5,
      5,
      7,
      7,
      7,
      5,
      5,
      5,
      5,
    ]);
    expect(timeline(apply(first, new Map([['A', null]]), { from: 3, until: 6 }))).toEqual([
      null,
      5,
      5,
      null,
      null,
      null,
      5,
      5,
      5,
      5,
    ]);
  });

  it('of nothing ends the value', () => {
    const first = apply([], new Map([['A', 5]]), { from: 1 });
    expect(timeline(apply(first, new Map([['A', null]]), { from: 4 }))).toEqual([
      null,
      5,
      5,
      5,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('that repeats what is believed changes nothing', () => {
    const first = apply([], new Map([['A', 5]]), { from: 1 });
    expect(apply(first, new Map([['A', 5]]), { from: 1 })).toEqual(first);
    expect(apply(first, new Map([['A', 5]]), { from: 4, keepEqual: true })).toEqual(first);
    expect(apply(first, new Map([['A', 5]]), { from: 4 })).toHaveLength(2);
  });
});

describe('any sequence of statements', () => {
  const statement = fc.record({
    from: fc.integer({ min: 0, max: 9 }),
    values: fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.option(fc.integer({ min: 1, max: 4 }), { nil: null })),
  });

  interface Statement {
    readonly from: number;
    readonly values: Readonly<Record<string, number | null>>;
  }

  it('is believed like the last word about each stretch between things stated (property)', () => {
    const examples: [Statement[]][] = [
      [
        [
          { from: 8, values: { B: 1 } },
          { from: 8, values: { B: 2 } },
          { from: 8, values: { A: 1 } },
          { from: 8, values: { A: null } },
        ],
      ],
    ];
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), (statements: readonly Statement[]) => {
        let open: OpenVersion<number>[] = [];
        const model = new Map<string, (number | null)[]>();
        for (const { from, values } of statements) {
          for (const [key, value] of Object.entries(values)) {
            const line = model.get(key) ?? new Array<number | null>(10).fill(null);
            model.set(key, line);
            // The statement reaches to the next boundary of what is believed about the key, where that differs from now.
            const current = open.find(
              (version) =>
                version.key === key &&
                version.validFrom <= from &&
                (version.validUntil === null || from < version.validUntil),
            );
            const starts = open
              .filter((version) => version.key === key && version.validFrom > from)
              .map((version) => version.validFrom);
            const end = Math.min(10, current?.validUntil ?? 10, ...starts);
            for (let at = from; at < end; at += 1) line[at] = value;
          }
          open = apply(open, new Map(Object.entries(values)), { from });
        }
        for (const [key, line] of model) expect(timeline(open, key)).toEqual(line);
      }),
      { examples, numRuns: 300 },
    );
  });
});
