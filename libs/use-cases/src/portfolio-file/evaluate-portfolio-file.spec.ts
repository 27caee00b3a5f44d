import { evaluatePortfolioFile } from './evaluate-portfolio-file';

const file = (changes: Record<string, unknown> = {}) => ({
  asOf: '2026-01-05T12:00:00Z',
  methodology: 'SPAN',
  baseCurrency: 'USD',
  cash: '5000',
  market: {
    underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
    instruments: [
      {
        id: 'C',
        type: 'option',
        underlying: 'U',
        right: 'call',
        strike: '100',
        expiry: '2026-03-19T12:00:00Z',
        exercise: 'european',
        multiplier: '100',
        volatility: 0.25,
      },
      { id: 'S', type: 'underlying', underlying: 'U', multiplier: '1' },
    ],
  },
  positions: [
    { instrument: 'C', quantity: '-1' },
    { instrument: 'S', quantity: '50' },
  ],
  ...changes,
});
const evaluate = (value: unknown) =>
  evaluatePortfolioFile({ text: JSON.stringify(value, null, 1), fileName: 'p.json' });
const outputOf = (value: unknown) => {
  const result = evaluate(value);
  if (result.status === 'rejected') throw new Error(result.message);
  return result.output;
};

describe('evaluatePortfolioFile', () => {
  it('answers with the shape of the contract, amounts as strings at the scale of the currency', () => {
    const output = outputOf(file());
    expect(Object.keys(output)).toEqual(
      expect.arrayContaining([
        'methodology',
        'quality',
        'qualityReasons',
        'initialRequirement',
        'maintenanceRequirement',
        'netOptionValue',
        'currency',
        'model',
        'worstScenario',
        'scenarios',
        'breakdown',
        'contributions',
        'greeks',
        'equity',
        'buffer',
        'status',
        'warnings',
      ]),
    );
    expect(output).toMatchObject({ methodology: 'SPAN', quality: 'OK', currency: 'USD', status: 'HEALTHY' });
    for (const amount of [output.initialRequirement, output.netOptionValue, output.equity, output.buffer])
      expect(amount).toMatch(/^-?\d+\.\d{2}$/);
    expect(output.contributions.map(({ instrument }) => instrument)).toEqual(['C', 'S']);
    expect(Number(output.equity)).toBe(5000 + 50 * 100 + Number(output.netOptionValue));
    expect(Number(output.buffer)).toBeCloseTo(Number(output.equity) - Number(output.maintenanceRequirement), 9);
    expect(output.model?.initialRequirement).toBe(output.worstScenario?.loss);
  });

  it('exits 5 without amounts when a held contract has neither price nor volatility', () => {
    const value = file();
    delete (value.market.instruments[0] as { volatility?: number }).volatility;
    const result = evaluate(value);
    expect(result).toMatchObject({ status: 'indeterminate', exitCode: 5 });
    expect(outputOf(value)).toMatchObject({
      quality: 'INDETERMINATE',
      qualityReasons: ['C: neither price nor volatility'],
      status: 'INDETERMINATE',
      initialRequirement: null,
      maintenanceRequirement: null,
      netOptionValue: null,
      model: null,
      worstScenario: null,
      equity: null,
      buffer: null,
    });
  });

  it.each<[string, unknown, string, string]>([
    [
      'an unknown parameter',
      file({ parameters: { default: { coverFractoin: 1 } } }),
      'INVALID_PARAMETER',
      'parameters.default.coverFractoin: unknown key',
    ],
    [
      'a commodity the file does not know',
      file({ parameters: { GC: {} } }),
      'INVALID_PARAMETER',
      'parameters.GC: unknown key',
    ],
    [
      'a leg the file does not know',
      file({
        parameters: {
          intercommodity: [
            {
              rate: 0.5,
              legs: [
                { underlying: 'U', side: 'A' },
                { underlying: 'X', side: 'B' },
              ],
            },
          ],
        },
      }),
      'INVALID_PARAMETER',
      'legs[1].underlying',
    ],
    [
      'a price move below −100 %',
      file({ parameters: { U: { priceScanRange: { fraction: 0.4 } } } }),
      'INVALID_PARAMETER',
      'below −100 %',
    ],
    ['a base currency without a rate', file({ baseCurrency: 'EUR' }), 'FX_MISSING', 'no exchange rate from USD to EUR'],
    [
      'an expired contract',
      file({ asOf: '2026-04-05T12:00:00Z' }),
      'INSTRUMENT_EXPIRED',
      'position in C: contract expired',
    ],
    ['a file that is no JSON', 'nonsense', 'INVALID_FILE', 'expected an object'],
    ['an unknown key', file({ postions: [] }), 'INVALID_FILE', 'postions: unknown key'],
    [
      'a house rule laxer than the exchange',
      file({ house: [{ id: 'r', effectiveFrom: '2026-01-01', kind: 'multiplier', multiplier: 0.5 }] }),
      'INVALID_PARAMETER',
      'house[0].multiplier',
    ],
  ])('exits 3 for %s and says where', (_, value, code, message) => {
    expect(evaluate(value)).toMatchObject({
      status: 'rejected',
      exitCode: 3,
      code,
      message: expect.stringContaining(message),
    });
  });

  it('names the line of a refused parameter', () => {
    const text =
      '{ "asOf": "2026-01-05T12:00:00Z", "methodology": "SPAN",\n "baseCurrency": "USD",\n "parameters": { "default":\n { "coverFraction": 3.3 } } }';
    expect(evaluatePortfolioFile({ text, fileName: 'p.json' })).toMatchObject({
      message: expect.stringMatching(/^p\.json:4: parameters\.default\.coverFraction/),
    });
  });

  it('evaluates an empty portfolio to nothing', () => {
    expect(outputOf(file({ positions: [], cash: '0' }))).toMatchObject({
      initialRequirement: '0.00',
      maintenanceRequirement: '0.00',
      equity: '0.00',
      bufferRatio: null,
      status: 'HEALTHY',
      worstScenario: null,
    });
  });

  it('lays house rules of the file over the result', () => {
    const house = [{ id: 'floor', effectiveFrom: '2026-01-01', kind: 'minimum-equity', amount: 100000 }];
    expect(outputOf(file({ house }))).toMatchObject({ initialRequirement: '100000.00', status: 'LIQUIDATION' });
  });

  it('converts a foreign book to the base currency once', () => {
    const fx = [{ from: 'USD', to: 'EUR', rate: '0.5' }];
    const dollars = outputOf(file({ cash: '0' }));
    const euros = outputOf(file({ baseCurrency: 'EUR', cash: '0', fx }));
    expect(euros.model?.initialRequirement).toBeCloseTo((dollars.model?.initialRequirement ?? NaN) / 2, 9);
    expect(Number(euros.equity)).toBeCloseTo(Number(dollars.equity) / 2, 1);
  });
});
