import { parsePortfolioFile } from '@ballast/formats';
import { computeRequirement } from '@ballast/margin';
import { cryptoPmrmOracle } from '../oracle/crypto-pmrm-oracle';
import { expectWithin, readGoldenPortfolios } from '../support/golden-portfolio';

describe.each(readGoldenPortfolios('crypto-pmrm-').map((golden) => [golden.title, golden] as const))(
  '%s',
  (_, golden) => {
    const { portfolio, expected, tolerance } = golden;
    const result = computeRequirement(parsePortfolioFile(JSON.stringify(portfolio), golden.name));

    it.each(['markToMarket', 'initialHealth', 'maintenanceHealth'] as const)('gives %s', (figure) => {
      expectWithin(result.model?.[figure], expected[figure] as number, { ...tolerance, absolute: 1e-7 });
    });

    it('requires mark to market + cash − health, at least 0', () => {
      const { markToMarket, initialHealth, maintenanceHealth } = expected as Record<string, number>;
      const equity = (markToMarket as number) + Number(portfolio.cash);
      const allowed = { relative: 1e-9, absolute: 1e-7 };
      expectWithin(result.model?.initialRequirement, Math.max(0, equity - (initialHealth as number)), allowed);
      expectWithin(result.model?.maintenanceRequirement, Math.max(0, equity - (maintenanceHealth as number)), allowed);
    });

    it('gives every scenario loss, then the basis row', () => {
      const losses = expected['scenarioLosses'] as readonly number[];
      expect(result.scenarios).toHaveLength(losses.length);
      result.scenarios.forEach(({ loss }, index) =>
        expectWithin(loss, losses[index] as number, { relative: 1e-9, absolute: 1e-7 }),
      );
      expect(result.worstScenario?.loss).toBe(Math.max(...result.scenarios.map(({ loss }) => loss)));
    });

    it('is stated by the oracle', () => {
      const { losses, ...figures } = cryptoPmrmOracle(portfolio);
      for (const [name, figure] of Object.entries(figures)) {
        expectWithin(figure, expected[name] as number, { relative: 1e-12, absolute: 1e-9 });
      }
      losses.forEach((loss, index) =>
        expectWithin(loss, (expected['scenarioLosses'] as readonly number[])[index] as number, {
          relative: 1e-12,
          absolute: 1e-9,
        }),
      );
    });
  },
);
