import { parsePortfolioFile } from '@ballast/formats';
import { computeRequirement, type BreakdownNode } from '@ballast/margin';
import { cryptoPmOracle } from '../oracle/crypto-pm-oracle';
import { expectWithin, readGoldenPortfolios } from '../support/golden-portfolio';

describe.each(readGoldenPortfolios('crypto-pm-').map((golden) => [golden.title, golden] as const))(
  '%s',
  (_, golden) => {
    const { portfolio, expected, tolerance } = golden;
    const result = computeRequirement(parsePortfolioFile(JSON.stringify(portfolio), golden.name));
    const sumOf = (kind: string) => sumOfKind(result.breakdown, kind);

    it(`gives the ${golden.provenance.kind} requirements`, () => {
      expectWithin(result.model?.initialRequirement, expected['initialRequirement'] as number, tolerance);
      expectWithin(result.model?.maintenanceRequirement, expected['maintenanceRequirement'] as number, tolerance);
      expectWithin(result.worstScenario?.loss, expected['worstLoss'] as number, tolerance);
    });

    it('shows the roll shock in the breakdown', () => {
      const smallest = portfolio.baseCurrency === 'USD' ? 0.01 : 1e-8;
      expectWithin(sumOf('roll-shock'), expected['rollShock'] as number, { absolute: 2 * smallest });
    });

    it('gives every scenario loss of the oracle in price-major order', () => {
      const losses = cryptoPmOracle(portfolio).losses;
      expect(result.scenarios).toHaveLength(losses.length);
      result.scenarios.forEach(({ loss }, index) =>
        expectWithin(loss, losses[index] as number, { relative: 1e-9, absolute: 1e-9 }),
      );
      const stored = expected['scenarioLosses'] as readonly number[] | undefined;
      stored?.forEach((loss, index) => expectWithin(losses[index], loss, { relative: 1e-12, absolute: 1e-12 }));
    });
  },
);

function sumOfKind(nodes: readonly BreakdownNode[], kind: string): number {
  return nodes.filter((node) => node.kind === kind).reduce((sum, { amount }) => sum + amount.amount.toNumber(), 0);
}
