import { parsePortfolioFile } from '@ballast/formats';
import { computeRequirement } from '@ballast/margin';
import { timsOracle } from '../oracle/tims-oracle';
import { expectWithin, readGoldenPortfolios } from '../support/golden-portfolio';

describe.each(readGoldenPortfolios('tims-').map((golden) => [golden.title, golden] as const))('%s', (_, golden) => {
  const { portfolio, expected, tolerance } = golden;
  const result = computeRequirement(parsePortfolioFile(JSON.stringify(portfolio), golden.name));
  const oracle = timsOracle(portfolio);

  it(`gives the ${golden.provenance.kind} requirement`, () => {
    expectWithin(result.model?.initialRequirement, expected['initialRequirement'] as number, tolerance);
    expect(result.model?.maintenanceRequirement).toBe(result.model?.initialRequirement);
  });

  it('gives the requirement and every class loss of the oracle', () => {
    expectWithin(result.model?.initialRequirement, oracle.requirement, { relative: 1e-8 });
    oracle.classes.forEach(({ id, losses }) => {
      const ours = result.scenarios.filter(({ group }) => group === id);
      expect(ours).toHaveLength(losses.length);
      ours.forEach(({ loss }, index) =>
        expectWithin(loss, losses[index] as number, { relative: 1e-7, absolute: 1e-4 }),
      );
    });
  });

  it('stores what the oracle states', () => {
    const stored = expected['scenarioLosses'] as readonly number[] | undefined;
    const losses = oracle.classes.flatMap((item) => item.losses);
    expectWithin(oracle.requirement, expected['initialRequirement'] as number, tolerance);
    stored?.forEach((loss, index) => expectWithin(losses[index], loss, { relative: 1e-9, absolute: 1e-6 }));
  });
});
