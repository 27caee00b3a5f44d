import type { UnderlyingKind } from '@ballast/domain';
import { classifyUnderlying } from './asset-class';

describe('classifyUnderlying', () => {
  it.each<[string, UnderlyingKind, string]>([
    ['IBM', 'equity', 'equity'],
    ['C', 'equity', 'equity'],
    ['SPX', 'broad-index', 'equity-index'],
    ['VIX', 'narrow-index', 'volatility-index'],
    ['CL', 'future', 'crude-oil'],
    ['CLM6', 'future', 'crude-oil'],
    ['CLK2020', 'future', 'crude-oil'],
    ['NGZ6', 'future', 'energy'],
    ['ESH7', 'future', 'equity-index'],
    ['6EZ6', 'future', 'fx'],
    ['SR3H7', 'future', 'interest-rate'],
    ['C', 'future', 'agriculture'],
    ['NOBODY', 'future', 'other'],
    ['DOGE', 'crypto', 'crypto'],
    ['EURUSD', 'fx', 'fx'],
  ])('takes %s of kind %s as %s', (underlyingId, kind, expected) => {
    expect(classifyUnderlying({ underlyingId, kind })).toBe(expected);
  });

  it('believes the caller first, and no name that objects have by themselves', () => {
    expect(classifyUnderlying({ underlyingId: 'IBM', kind: 'equity' }, { IBM: 'metal' })).toBe('metal');
    expect(classifyUnderlying({ underlyingId: 'constructor', kind: 'equity' }, {})).toBe('equity');
  });
});
