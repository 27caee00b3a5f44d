import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { type BreakdownDraft, buildBreakdown } from './margin-breakdown';

const node = (
  kind: string,
  value: BreakdownDraft['value'],
  children: readonly BreakdownDraft[] = [],
): BreakdownDraft => ({
  kind,
  label: kind,
  basis: '',
  value,
  children,
});

describe('buildBreakdown', () => {
  it('numbers the path and lists in pre-order', () => {
    const nodes = buildBreakdown([node('a', 3, [node('b', 1, [node('c', 1)]), node('d', 2)]), node('e', 0)], 'USD');
    expect(nodes.map(({ id, parentId, kind }) => [id, parentId, kind])).toEqual([
      ['1', null, 'a'],
      ['1.1', '1', 'b'],
      ['1.1.1', '1.1', 'c'],
      ['1.2', '1', 'd'],
      ['2', null, 'e'],
    ]);
  });

  it('gives a parent that is rounded up a rounding child', () => {
    const nodes = buildBreakdown(
      [{ ...node('a', 0.012, [node('b', 0.006), node('c', 0.006)]), rounding: 'up' }],
      'USD',
    );
    expect(nodes.map(({ kind, amount }) => [kind, amount.amount.toFixed(2)])).toEqual([
      ['a', '0.02'],
      ['b', '0.01'],
      ['c', '0.01'],
    ]);
    const three = buildBreakdown([node('a', 0.01, [node('b', 0.0033), node('c', 0.0033), node('d', 0.0034)])], 'USD');
    expect(three.at(-1)).toMatchObject({ id: '1.4', kind: 'rounding' });
    expect(three.at(-1)?.amount.amount.toFixed(2)).toBe('0.01');
  });

  it('adds up exactly for any amounts', () => {
    const amount = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 12 }), (values) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        const nodes = buildBreakdown(
          [
            node(
              'a',
              total,
              values.map((value) => node('b', value)),
            ),
          ],
          'USD',
        );
        const children = nodes.filter(({ parentId }) => parentId === '1');
        const sum = children.reduce((running, { amount: money }) => running.plus(money.amount), new Decimal(0));
        expect(sum.toFixed()).toBe(nodes[0]?.amount.amount.toFixed());
      }),
    );
  });

  it('takes children that miss their parent for the defect they are', () => {
    expect(() => buildBreakdown([node('a', 5, [node('b', 4)])], 'USD')).toThrow('does not add up');
  });

  it('refuses an amount of another currency and one that is no number', () => {
    expect(() => buildBreakdown([node('a', { amount: new Decimal(1), currency: 'EUR' })], 'USD')).toThrow(
      'is in EUR, not USD',
    );
    expect(() => buildBreakdown([node('a', NaN)], 'USD')).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });
});
