import { asOf, future, option, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { valueInstrument } from '../instrument-valuation';
import { compositeDelta } from './composite-delta';

function contractOf(instrument: ReturnType<typeof option> | ReturnType<typeof future>) {
  const snapshot = snapshotOf({ quotes: [quote(instrument.id, { volatility: 0.25 })] });
  const valuation = valueInstrument({
    instrument,
    snapshot,
    asOf,
    baseCurrency: 'USD',
    chooseModel: () => ({ model: 'black-scholes' }),
  });
  if (valuation.status !== 'valued') throw new Error(valuation.reason);
  return valuation.contract;
}

describe('compositeDelta', () => {
  const parameters = { lookAheadDays: 0 };
  const range = { priceMove: 15, volatilityRange: 0.25 };

  it('is 1 for a future', () => {
    expect(compositeDelta({ contract: contractOf(future('F')), range, parameters })).toBe(1);
  });

  it('weights the deltas at seven prices, 0.037 outside to 0.270 in the middle', () => {
    // Φ(d1) at 85, 90, 95, 100, 105, 110, 115 for K = 100, T = 0.2, σ = 0.25, r = q = 0, from mpmath with 30 digits.
    const deltas = [
      0.0810998151976, 0.18768177922, 0.343518446487, 0.522289941503, 0.68874430812, 0.818161747722, 0.904218707614,
    ];
    const weights = [0.037, 0.111, 0.217, 0.27, 0.217, 0.111, 0.037];
    const expected = deltas.reduce((sum, delta, index) => sum + delta * weights[index]!, 0);
    expect(compositeDelta({ contract: contractOf(option('C')), range, parameters })).toBeCloseTo(expected, 11);
  });

  it('has calls and puts one apart without rates', () => {
    const call = compositeDelta({ contract: contractOf(option('C')), range, parameters });
    const put = compositeDelta({ contract: contractOf(option('P', { right: 'put' })), range, parameters });
    expect(call - put).toBeCloseTo(1, 12);
  });

  it('stands at the look-ahead: a spent option is in or out of the money', () => {
    const delta = compositeDelta({ contract: contractOf(option('C')), range, parameters: { lookAheadDays: 100 } });
    expect(delta).toBeCloseTo(0.217 + 0.111 + 0.037 + 0.27 / 2, 12);
  });
});
