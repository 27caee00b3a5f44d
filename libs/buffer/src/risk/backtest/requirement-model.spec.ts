import { exp } from '@ballast/pricing';
import { standardiseMoves } from './backtest-moves';
import { historicalSimulation } from './requirement-model';

/** Moves of 1 % up and down, then of 2 %, then of 1 % again; volatility stays. */
const returns = Array.from({ length: 300 }, (_, day) => (day % 2 ? 1 : -1) * (day < 100 || day >= 200 ? 0.01 : 0.02));
let level = 100;
const series = {
  symbol: 'I',
  prices: Float64Array.of(100, ...returns.map((value) => (level *= exp(value)))),
  volatilities: new Float64Array(301).fill(0.2),
};
const portfolio = {
  id: 'held',
  label: 'held',
  legs: [{ type: 'underlying', symbol: 'I', quantity: 1 } as const],
};
const model = historicalSimulation(new Map([['I', standardiseMoves(series, 0.9)]]), {
  confidence: 0.99,
  stressedStretch: 80,
});
const at = { day: 99, aging: 1, from: 0, scale: 'present' } as const;

describe('historicalSimulation', () => {
  it('of moves of 1 % requires the 1 % that a holding can fall', () => {
    expect(model(portfolio, at)).toBeCloseTo(1 - exp(-0.01), 10);
  });

  it('scales to the present, to the look-back and to its stress: each larger in its turn after a calm', () => {
    const [present, longRun, stressed] = (['present', 'long-run', 'stressed'] as const).map((scale) =>
      model(portfolio, { ...at, day: 299, scale }),
    );
    expect(present).toBeLessThan(longRun as number);
    expect(longRun).toBeLessThan(stressed as number);
    expect((stressed as number) / (present as number)).toBeGreaterThan(1.9);
  });

  it('never requires nothing', () => {
    expect(model({ id: 'none', label: 'nothing', legs: [] }, at)).toBe(1e-6);
  });
});
