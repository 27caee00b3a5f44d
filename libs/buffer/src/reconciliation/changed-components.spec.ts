import { Decimal, toMoney } from '@ballast/domain';
import type { BreakdownNode } from '@ballast/margin';
import { changedComponents, linesOf } from './changed-components';

const node = (id: string, parentId: string | null, kind: string, amount: number): BreakdownNode => ({
  id,
  parentId,
  kind,
  label: kind,
  basis: '',
  amount: toMoney(String(amount), 'USD'),
});
const tree = (scan: number, addition: number) => [
  node('1', null, 'requirement', scan + 5 + addition),
  node('1.1', '1', 'maintenance-requirement', scan + 5),
  node('1.1.1', '1.1', 'scan-risk', scan),
  node('1.1.2', '1.1', 'minimum-top-up', 5),
  node('1.2', '1', 'initial-addition', addition),
  node('2', null, 'requirement-less-option-value', scan + 100),
  node('2.1', '2', 'net-option-value', 95),
];
const kindsOf = (lines: readonly BreakdownNode[]) => lines.map(({ kind }) => kind);

describe('linesOf', () => {
  it('finds the tree of a requirement and leaves out what is shown beside it', () => {
    const initial = linesOf(tree(10, 2), { figure: 'initialRequirement', amount: new Decimal(17) });
    expect(kindsOf(initial)).toEqual(['requirement', 'maintenance-requirement', 'scan-risk', 'minimum-top-up', 'initial-addition']); // prettier-ignore
    const maintenance = linesOf(tree(10, 2), { figure: 'maintenanceRequirement', amount: new Decimal(15) });
    expect(kindsOf(maintenance)).toEqual(['maintenance-requirement', 'scan-risk', 'minimum-top-up']);
  });

  it('shows everything where the figure is no line', () => {
    expect(linesOf(tree(10, 2), { figure: 'initialRequirement', amount: new Decimal(18) })).toHaveLength(7);
  });
});

describe('changedComponents', () => {
  it('names leaves that move, the largest first, and they add up', () => {
    const change = (scan: number, addition: number) => {
      const amount = new Decimal(scan + 5 + addition);
      return linesOf(tree(scan, addition), { figure: 'initialRequirement', amount });
    };
    expect(changedComponents(change(10, 2), change(14, 1)).map(({ kind, change: moved }) => [kind, moved])).toEqual([
      ['scan-risk', '4'],
      ['initial-addition', '-1'],
    ]);
    expect(changedComponents(change(10, 2), change(10, 2))).toEqual([]);
  });
});
