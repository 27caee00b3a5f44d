import { option } from '../../../../test/support/portfolio-builder';
import { RunContracts } from './run-contracts';

describe('RunContracts', () => {
  it('numbers contracts as they come, and keeps the number and the terms of one that comes again', () => {
    const contracts = new RunContracts();
    const [first, second] = [option('B'), option('A')];
    contracts.set('B', first).set('A', second).set('B', option('B'));
    expect([contracts.size, contracts.list.length]).toEqual([2, 2]);
    expect(['A', 'B', 'C'].map((id) => contracts.names.numberOf(id))).toEqual([1, 0, -1]);
    expect(contracts.list[0]).toBe(first);
    expect(contracts.get('B')).toBe(first);
    expect([...contracts.keys()]).toEqual(['B', 'A']);
  });
});
