import { Decimal } from '@ballast/domain';
import { prepareNormalModel } from '@ballast/margin';
import { preparedAccount } from '../../../../test/support/account-builder';
import {
  asOf,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { measureState } from '../analysis/account-state';
import { valueContracts } from '../analysis/contract-values';
import type { StressScenario } from './stress-scenario';
import { resolveStress } from './stress-shift';
import { switchToNormalModel } from './switch-to-normal-model';

const put = option('P', { right: 'put', strike: new Decimal(18), multiplier: new Decimal(1000) });
const account = (model: string) => {
  const parameters = { default: { priceScanRange: { fraction: 0.1 }, volatilityScanRange: 0.2, model } };
  return preparedAccount({
    portfolio: portfolioOf([position(put, 2)]),
    snapshot: snapshotOf({
      underlyings: [underlyingQuote('U', '20', { kind: 'future' })],
      quotes: [quote('P', { volatility: model === 'bachelier' ? 10 : 0.5 })],
    }),
    parameters,
    rules: { normalModel: prepareNormalModel({ methodology: 'SPAN', parameters, asOf }) as never },
  });
};
const scenario: StressScenario = {
  name: 'below 0',
  title: '',
  origin: 'CUSTOM',
  byUnderlying: { U: { spotTo: -5 } },
  negativePrices: 'BACHELIER',
  sources: [],
};
const switched = (model: string, changes: Partial<StressScenario> = {}) => {
  const state = account(model);
  const own = { ...scenario, ...changes };
  return { state, result: switchToNormalModel(state, own, resolveStress(state, own).moves) };
};

describe('switchToNormalModel', () => {
  it('keeps the price of now and changes the model', () => {
    const { state, result } = switched('black76');
    const before = valueContracts(state, [put]).get('P');
    const after = valueContracts(result.prepared, [put]).get('P');
    expect(result.switched).toEqual(['U']);
    expect(after?.option?.terms.model).toBe('bachelier');
    expect(after?.option?.modelPrice).toBeCloseTo(before?.option?.modelPrice ?? NaN, 9);
    const [equityBefore, equityAfter] = [measureState(state), measureState(result.prepared)].map((measure) =>
      measure.status === 'valued' ? measure.figures.equity : NaN,
    );
    expect(equityAfter).toBeCloseTo(equityBefore as number, 6);
  });

  it('leaves an account alone whose model is the normal one, or whose prices stay above 0', () => {
    for (const { state, result } of [
      switched('bachelier'),
      switched('black76', { byUnderlying: { U: { spotTo: 1 } } }),
    ]) {
      expect(result.prepared).toBe(state);
      expect(result.switched).toEqual([]);
    }
  });

  it('refuses what the scenario does not switch', () => {
    expect(() => switched('black76', { negativePrices: 'REFUSE' })).toThrow(/black76, which needs a positive price/);
  });
});
