import { option, quote, share, snapshotOf } from '../../../../test/support/portfolio-builder';
import type { QuoteFlag } from '@ballast/domain';
import { findDataFindings } from './data-findings';

const flagged = (id: string, flags: readonly QuoteFlag[]) => ({ ...quote(id, { volatility: 0.2 }), flags });
const snapshot = snapshotOf({
  quotes: [flagged('C', ['Q_STALE', 'Q_WIDE']), flagged('D', ['Q_SPIKE']), flagged('E', [])],
});

describe('findDataFindings', () => {
  it('names what degrades the contracts held, and nothing else', () => {
    expect(findDataFindings(snapshot, [option('C'), option('E'), option('C')])).toEqual(['Q_STALE: C']);
    expect(findDataFindings(snapshot, [option('E'), share('S')])).toEqual([]);
  });

  it('takes the underlying of a contract along', () => {
    const [id, state] = [...snapshot.underlyings][0] ?? [];
    if (id === undefined || state === undefined) throw new Error('the sample has an underlying');
    const bad = { ...snapshot, underlyings: new Map([[id, { ...state, flags: ['Q_STALE'] as const }]]) };
    expect(findDataFindings(bad, [option('E')])).toEqual([`Q_STALE: ${id}`]);
    expect(findDataFindings(bad, [], [id, 'NONE'])).toEqual([`Q_STALE: ${id}`]);
    expect(findDataFindings(bad, [], [])).toEqual([]);
  });

  it('names twenty and counts the rest', () => {
    const ids = Array.from({ length: 25 }, (_, index) => `X${String(index).padStart(2, '0')}`);
    const many = snapshotOf({ quotes: ids.map((id) => flagged(id, ['Q_STALE'])) });
    const found = findDataFindings(
      many,
      ids.map((id) => option(id)),
    );
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe('MORE_FINDINGS: 5 further findings on the data of this account');
  });
});
