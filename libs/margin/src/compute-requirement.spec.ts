import { option, portfolioOf, position, quote, snapshotOf } from '../../../test/support/portfolio-builder';
import { computeRequirement } from './compute-requirement';
import { valueScenariosPlainly } from './option-value';

describe('computeRequirement', () => {
  const portfolio = portfolioOf([position(option('C'), -1)]);
  const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] });

  it('gives the same bits twice', () => {
    expect(computeRequirement({ portfolio, snapshot })).toEqual(computeRequirement({ portfolio, snapshot }));
  });

  it('values through the function it is handed, each contract once', () => {
    const seen: number[] = [];
    const valueScenarios: typeof valueScenariosPlainly = (contracts) => {
      seen.push(contracts.length);
      return valueScenariosPlainly(contracts);
    };
    expect(computeRequirement({ portfolio, snapshot, valueScenarios })).toEqual(
      computeRequirement({ portfolio, snapshot }),
    );
    expect(seen).toEqual([1]);
  });

  it('lays house rules of the account over the result', () => {
    const houseRules = [
      {
        id: 'double',
        effectiveFrom: '2026-01-01',
        effectiveTo: null,
        scope: { level: 'account', account: 'A1' },
        underlying: null,
        effect: { kind: 'multiplier', multiplier: 2 },
      },
    ] as const;
    const plain = computeRequirement({ portfolio, snapshot, houseRules });
    const doubled = computeRequirement({ portfolio, snapshot, houseRules, account: { account: 'A1' } });
    expect(doubled.model?.initialRequirement).toBe(2 * (plain.model?.initialRequirement ?? NaN));
  });

  it('is indeterminate without price and volatility, and empty without positions', () => {
    expect(computeRequirement({ portfolio, snapshot: snapshotOf({}) }).quality).toBe('INDETERMINATE');
    const empty = computeRequirement({ portfolio: portfolioOf([]), snapshot });
    expect(empty.initialRequirement?.amount.toFixed()).toBe('0');
    expect(empty.scenarios).toEqual([]);
  });
});
