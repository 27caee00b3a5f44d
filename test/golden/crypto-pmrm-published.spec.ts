import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePortfolioFile } from '@ballast/formats';
import { computeRequirement, type MarginRequirement } from '@ballast/margin';

const file = path.resolve(__dirname, '../../../shared/golden/crypto-pmrm-example.json');
const present = existsSync(file);
const maybe = present ? describe : describe.skip;

interface Expected {
  readonly scenarioLosses: readonly number[];
  readonly basisLoss: number;
  readonly markToMarket: number;
  readonly initialHealth: number;
  readonly maintenanceHealth: number;
  readonly maintenanceOptionContingency: number;
  readonly initialOptionContingency: number;
}

maybe(`published portfolio of CRYPTO_PMRM${present ? '' : ' (skipped: shared data not present)'}`, () => {
  const content = present
    ? (JSON.parse(readFileSync(file, 'utf8')) as { portfolio: unknown; expected: Expected })
    : null;
  const compute = (portfolio: unknown): MarginRequirement => {
    const parsed = parsePortfolioFile(JSON.stringify(portfolio), file);
    return computeRequirement(parsed);
  };
  const expected = content?.expected as Expected;
  const result = content === null ? null : compute(content.portfolio);

  it('gives every scenario loss to 1e-8 relative, then the basis row', () => {
    const losses = result?.scenarios.map(({ loss }) => loss) ?? [];
    expect(losses).toHaveLength(expected.scenarioLosses.length + 1);
    [...expected.scenarioLosses, expected.basisLoss].forEach((loss, index) => {
      expect(Math.abs((losses[index] as number) / loss - 1)).toBeLessThan(1e-8);
    });
    expect(result?.scenarios.at(-1)?.label).toBe('basis');
  });

  it.each(['markToMarket', 'initialHealth', 'maintenanceHealth'] as const)('gives %s to 1e-8 relative', (figure) => {
    const ours = result?.model?.[figure] ?? NaN;
    expect(Math.abs(ours / expected[figure] - 1)).toBeLessThan(1e-8);
  });

  it('gives both option contingencies', () => {
    const amounts = result?.breakdown
      .filter(({ kind }) => kind === 'option-contingency')
      .map(({ amount }) => amount.amount);
    const both = -(expected.maintenanceOptionContingency + expected.initialOptionContingency);
    expect(amounts?.map((amount) => amount.toFixed(2))).toEqual([
      both.toFixed(2),
      (-expected.maintenanceOptionContingency).toFixed(2),
    ]);
  });

  it('has the parameters of the example as its default set', () => {
    const { parameters: _, ...bare } = content?.portfolio as { parameters: unknown };
    expect(compute(bare).model).toEqual(result?.model);
  });
});
