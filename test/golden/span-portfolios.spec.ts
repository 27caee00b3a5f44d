import { parsePortfolioFile } from '@ballast/formats';
import { computeRequirement, type MarginRequirement } from '@ballast/margin';
import { spanOracle } from '../oracle/span-oracle';
import { expectWithin, type GoldenPortfolio, readGoldenPortfolios } from '../support/golden-portfolio';

/** Components of a golden portfolio and the breakdown node that shows each. */
const nodeOfComponent = {
  scanRisk: 'scan-risk',
  calendarSpreadCharge: 'calendar-spread-charge',
  deliveryCharge: 'delivery-charge',
  intercommodityCredit: 'intercommodity-spread-credit',
  exposure: 'exposure-add-on',
} as const;

function componentsOf(result: MarginRequirement, kind: string): readonly number[] {
  const commodities = result.breakdown.filter((node) => node.kind === 'combined-commodity');
  return commodities.map(({ id }) => {
    const node = result.breakdown.find(({ parentId, kind: own }) => parentId === id && own === kind);
    return Math.abs(node?.amount.amount.toNumber() ?? 0);
  });
}

const listOf = (golden: GoldenPortfolio, key: string) => golden.expected[key] as readonly number[] | undefined;
const numberOf = (golden: GoldenPortfolio, key: string) => golden.expected[key] as number | undefined;
const half = 0.005000001;

describe.each(readGoldenPortfolios('span-').map((golden) => [golden.title, golden] as const))('%s', (_, golden) => {
  const { portfolio, tolerance } = golden;
  const result = computeRequirement(parsePortfolioFile(JSON.stringify(portfolio), golden.name));
  const oracle = spanOracle(portfolio);
  const figures = { ...result.model } as Readonly<Record<string, number | undefined>>;

  it(`gives the ${golden.provenance.kind} requirement`, () => {
    for (const key of ['initialRequirement', 'maintenanceRequirement', 'netOptionValue']) {
      const expected = numberOf(golden, key);
      if (expected !== undefined) expectWithin(figures[key], expected, tolerance);
    }
    const worst = numberOf(golden, 'worstScenario');
    if (worst !== undefined) expect(result.worstScenario?.index).toBe(worst);
  });

  it('gives every scenario', () => {
    const rows = result.scenarios.map(({ loss }) => loss);
    const expected = listOf(golden, 'scenarioLosses') ?? oracle.commodities.flatMap(({ losses }) => losses);
    const nonZero = listOf(golden, 'scenarioLosses') === undefined ? rows.length : expected.length;
    expect(rows.length % 16).toBe(0);
    expect(nonZero).toBe(expected.length);
    expected.forEach((loss, index) => expectWithin(rows[index], loss, tolerance));
    listOf(golden, 'targetLosses')?.forEach((loss, index) => {
      const target = result.scenarios.filter(({ group }) => group === 'BONDS');
      expectWithin(target[index]?.loss, loss, tolerance);
    });
  });

  it.each(Object.entries(nodeOfComponent))('shows %s as its own node', (component, kind) => {
    const expected = listOf(golden, component) ?? componentsOf(result, kind);
    expect(componentsOf(result, kind)).toHaveLength(expected.length);
    componentsOf(result, kind).forEach((amount, index) =>
      expectWithin(amount, expected[index] as number, { relative: 1e-7, absolute: half }),
    );
  });

  it('agrees with the oracle, whoever stated the expected figures', () => {
    expectWithin(result.model?.maintenanceRequirement, oracle.maintenance, { relative: 1e-7, absolute: 1e-7 });
    expectWithin(result.model?.initialRequirement, oracle.initial, { relative: 1e-7, absolute: 1e-7 });
    expectWithin(result.model?.netOptionValue, oracle.netOptionValue, { relative: 1e-7, absolute: 1e-7 });
  });
});
