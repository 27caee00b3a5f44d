import { buildRequirement, findWorstScenario, indeterminateRequirement, requirementMoney } from './build-requirement';

describe('buildRequirement', () => {
  const parts = {
    methodology: 'SPAN',
    currency: 'USD',
    scenarios: [],
    contributions: () => [],
    greeks: [],
    warnings: [],
    breakdown: () => [],
    worstScenario: null,
  } as const;

  it('rounds requirements up and net option value down, once', () => {
    const model = { initialRequirement: 100.001, maintenanceRequirement: 90.00000000001, netOptionValue: -1.001 };
    const result = buildRequirement({ ...parts, model });
    expect(result.initialRequirement?.amount.toFixed()).toBe('100.01');
    expect(result.maintenanceRequirement?.amount.toFixed()).toBe('90');
    expect(result.netOptionValue?.amount.toFixed()).toBe('-1.01');
    expect(result.model).toBe(model);
  });

  it('explains when asked, once, and a copy has the explanation', () => {
    const asked: string[] = [];
    const note = (what: string) => () => {
      asked.push(what);
      return [];
    };
    const model = { initialRequirement: 1, maintenanceRequirement: 1, netOptionValue: 0 };
    const result = buildRequirement({ ...parts, model, breakdown: note('tree'), contributions: note('shares') });
    expect(asked).toEqual([]);
    expect([result.breakdown, result.contributions, result.breakdown]).toEqual([[], [], []]);
    expect(JSON.parse(JSON.stringify({ ...result }))).toMatchObject({ breakdown: [], contributions: [] });
    expect(asked).toEqual(['tree', 'shares']);
  });

  it('refuses a figure that is no number', () => {
    const model = { initialRequirement: NaN, maintenanceRequirement: 0, netOptionValue: 0 };
    expect(() => buildRequirement({ ...parts, model })).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  });

  it('states coins in eight decimals and never below 0', () => {
    expect(requirementMoney(0.123456781, 'BTC').amount.toFixed()).toBe('0.12345679');
    expect(requirementMoney(-5, 'USD').amount.toFixed()).toBe('0');
  });
});

describe('indeterminateRequirement', () => {
  it('has no amounts and keeps the reasons', () => {
    const result = indeterminateRequirement({ methodology: 'TIMS', reasons: ['no price'] });
    expect(result).toMatchObject({ quality: 'INDETERMINATE', qualityReasons: ['no price'], warnings: [] });
    expect([result.initialRequirement, result.maintenanceRequirement, result.netOptionValue, result.model]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('findWorstScenario', () => {
  const row = (index: number, loss: number) => ({ index, group: 'U', label: '', loss });

  it('takes the largest loss, ties to the first row, and nothing from nothing', () => {
    expect(findWorstScenario([row(1, -1), row(2, 5), row(3, 5)])?.index).toBe(2);
    expect(findWorstScenario([row(1, -3), row(2, -1)])?.index).toBe(2);
    expect(findWorstScenario([])).toBeNull();
  });
});
