import { option, portfolioOf, position, quote, share, snapshotOf } from '../../../test/support/portfolio-builder';
import type { ValuedContract } from './instrument-valuation';
import { valueScenariosPlainly } from './option-value';
import { linearPnl, valueOptionShocks } from './scenario-values';
import { valuePositions } from './value-positions';

const contractOf = (held: Parameters<typeof position>[0]): ValuedContract => {
  const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] });
  const portfolio = portfolioOf([position(held, 1)]);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black-scholes' }) });
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join());
  return (valuation.positions[0] as (typeof valuation.positions)[number]).contract;
};

describe('valueOptionShocks', () => {
  const contract = contractOf(option('C'));

  it('hands the unshocked state first and returns it as the base', () => {
    const seen: number[][] = [];
    const [values] = valueOptionShocks(
      [{ contract, shocks: () => [{ priceFactor: 1.1, volatility: 0.3 }, { priceFactor: 1, volatility: 0.25 }] }],
      (contracts) => {
        contracts.forEach(({ spots, volatilities }) => seen.push([...spots], [...volatilities]));
        return valueScenariosPlainly(contracts);
      },
    ); // prettier-ignore
    expect(seen).toEqual([
      [100, 100 * 1.1, 100],
      [0.25, 0.3, 0.25],
    ]);
    expect(values?.base).toBe(contract.option?.modelPrice);
    expect(values?.shocked[1]).toBe(values?.base);
    expect(values?.shocked[0]).toBeGreaterThan(values?.base ?? NaN);
  });

  it('refuses a model that fails in a state, which a maximum would skip', () => {
    const request = [{ contract, shocks: () => [{ priceFactor: 1.1, volatility: 0.3 }] }];
    expect(() => valueOptionShocks(request, () => [Float64Array.from([1, NaN])])).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE', message: 'C: the value in state 1 is NaN' }),
    );
    expect(() => valueOptionShocks(request, () => [Float64Array.from([Infinity, 1])])).toThrow(
      /at its base is Infinity/,
    );
  });

  it('takes options only', () => {
    expect(() =>
      valueOptionShocks([{ contract: contractOf(share('U')), shocks: () => [] }], valueScenariosPlainly),
    ).toThrow('U is no option');
  });
});

describe('linearPnl', () => {
  it('is price times move when linear', () => {
    expect(linearPnl({ settlement: 'linear', price: 250 }, -0.1)).toBe(-25);
  });

  it('is 1 − 1/(1 + m) coin when inverse, whatever the price', () => {
    expect(linearPnl({ settlement: 'inverse', price: 65_910.57 }, -0.16)).toBe(-0.19047619047619047);
    expect(linearPnl({ settlement: 'inverse', price: 1 }, 1)).toBe(0.5);
  });
});
