import { Decimal } from '@ballast/domain';
import { encodeRequirementFigures } from '@ballast/margin';
import { result } from '../../../../test/support/record-samples';
import { hashResult, hashResultAsText } from './result-hash';

const sample = result('3b0e2c1e-0000-4000-8000-000000000001', '3b0e2c1e-0000-4000-8000-000000000002');
const figures = encodeRequirementFigures(sample.requirement);
const hash = hashResult(sample, figures);

describe('hashResult', () => {
  it('moves with every stored figure and every scenario', () => {
    const cents = (money: typeof sample.equity) => {
      if (money === null) throw new Error('the sample has every amount');
      return { ...money, amount: money.amount.plus('0.01') };
    };
    const { requirement } = sample;
    const changed = [
      { ...sample, equity: cents(sample.equity) },
      { ...sample, buffer: cents(sample.buffer) },
      { ...sample, excess: cents(sample.excess) },
      { ...sample, collateralValue: cents(sample.collateralValue) },
      { ...sample, bufferRatio: new Decimal('9.5') },
      { ...sample, leverage: new Decimal('9.5') },
      { ...sample, status: 'LIQUIDATION' as const },
      { ...sample, qualityReasons: ['Q_STALE: XYZ'] },
      { ...sample, requirement: { ...requirement, initialRequirement: cents(requirement.initialRequirement) } },
      { ...sample, requirement: { ...requirement, maintenanceRequirement: cents(requirement.maintenanceRequirement) } },
      { ...sample, requirement: { ...requirement, netOptionValue: cents(requirement.netOptionValue) } },
      { ...sample, requirement: { ...requirement, warnings: ['told'] } },
    ];
    const hashes = changed.map((one) => hashResult(one, figures));
    const moved = {
      ...requirement,
      scenarios: requirement.scenarios.map((row) => ({ ...row, loss: row.loss + 1e-9 })),
    };
    hashes.push(hash, hashResult(sample, encodeRequirementFigures(moved)));
    expect(new Set(hashes).size).toBe(changed.length + 2);
  });

  it('leaves out what follows from the figures', () => {
    const { requirement } = sample;
    const explained = {
      ...sample,
      requirement: { ...requirement, breakdown: [], contributions: [] },
      equityComponents: [],
    };
    expect(hashResult(explained, figures)).toBe(hash);
    expect(hashResultAsText(explained)).not.toBe(hashResultAsText(sample));
  });
});
