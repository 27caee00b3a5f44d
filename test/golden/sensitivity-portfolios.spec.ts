import { parsePortfolioFile } from '@ballast/formats';
import { computeRequirement } from '@ballast/margin';
import { sensitivityOracle } from '../oracle/sensitivity-oracle';
import { expectWithin, readGoldenPortfolios } from '../support/golden-portfolio';

describe.each(readGoldenPortfolios('sensitivity-').map((golden) => [golden.title, golden] as const))(
  '%s',
  (_, golden) => {
    const { portfolio, expected, tolerance } = golden;
    const result = computeRequirement(parsePortfolioFile(JSON.stringify(portfolio), golden.name));

    it('gives the requirement, initial and maintenance alike', () => {
      expectWithin(result.model?.initialRequirement, expected['initialRequirement'] as number, tolerance);
      expectWithin(result.model?.maintenanceRequirement, expected['maintenanceRequirement'] as number, tolerance);
      expect(result.scenarios).toEqual([]);
      expect(result.worstScenario).toBeNull();
    });

    it.each(['delta', 'vega', 'curvature'])('shows the %s charge in the breakdown', (kind) => {
      const nodes = result.breakdown.filter((node) => node.kind === kind);
      const shown = nodes.reduce((sum, { amount }) => sum + amount.amount.toNumber(), 0);
      expectWithin(shown, expected[kind] as number, { relative: 1e-9, absolute: 0.02 });
    });

    it('is stated by the oracle', () => {
      const { total, ...parts } = sensitivityOracle(portfolio);
      expectWithin(total, expected['initialRequirement'] as number, { relative: 1e-12 });
      for (const [name, part] of Object.entries(parts))
        expectWithin(part, expected[name] as number, { relative: 1e-12 });
    });
  },
);
