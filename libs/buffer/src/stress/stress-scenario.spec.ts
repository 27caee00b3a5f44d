import { checkStressScenario, type StressScenario } from './stress-scenario';

const scenario: StressScenario = { name: 'X', title: '', origin: 'CUSTOM', sources: [] };

describe('checkStressScenario', () => {
  it('accepts one price move per place', () => {
    const byUnderlying = { A: { spot: -0.1 }, B: { spotBy: -5, volatility: 1 }, C: { spotTo: -3 } };
    expect(() => checkStressScenario({ ...scenario, byUnderlying, days: 2, betas: { A: -1 } }, 's')).not.toThrow();
  });

  it.each<[string, Partial<StressScenario>, string]>([
    ['no name', { name: ' ' }, 's.name'],
    ['time that runs back', { days: -1 }, 's.days'],
    ['endless time', { days: Infinity }, 's.days'],
    ['two price moves', { byUnderlying: { A: { spot: 0.1, spotTo: 5 } } }, 's.underlyings.A'],
    ['no number', { byClass: { equity: { spot: NaN } } }, 's.classes.equity.spot'],
    ['an endless volatility', { byKind: { crypto: { volatility: Infinity } } }, 's.kinds.crypto.volatility'],
    ['a market without a number', { market: { spot: NaN } }, 's.market.spot'],
    ['an endless beta', { betas: { A: Infinity } }, 's.betas.A'],
  ])('refuses %s', (_, changes, field) => {
    expect(() => checkStressScenario({ ...scenario, ...changes }, 's')).toThrow(
      expect.objectContaining({ code: 'INVALID_MARKET_DATA', field }),
    );
  });
});
