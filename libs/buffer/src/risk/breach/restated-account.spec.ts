import { Decimal } from '@ballast/domain';
import { rulesOf } from '../../../../../test/support/account-builder';
import { breachAccount, breachCases } from '../../../../../test/support/breach-account';
import { normals, seriesOf } from '../../../../../test/support/price-history';
import { measureState, prepareState, type PreparedState } from '../../analysis/account-state';
import { finish } from '../steps';
import { computeBreachProbability } from './breach-probability';
import { defaultBreachQuestion } from './breach-question';
import { restateInQuoteCurrency } from './restated-account';

const deviations = [0.12, 0.14, 0.17];

/** The account of a breach case stated in bitcoin, its cash in bitcoin too. */
function inCoin(name: string, cushion: number): { readonly coin: PreparedState; readonly dollars: PreparedState } {
  const kind = breachCases.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`no case ${name}`);
  const { portfolio, snapshot } = breachAccount(kind, { lines: 9, seed: 12, cushion });
  const coins = (portfolio.cash[0]?.amount ?? new Decimal(0)).div(60_000);
  const stated = (baseCurrency: string) => {
    const restated = { ...portfolio, baseCurrency, cash: [{ currency: 'BTC', amount: coins }] };
    return prepareState({ portfolio: restated, snapshot }, rulesOf(restated, kind.parameters));
  };
  return { coin: stated('BTC'), dollars: stated('USD') };
}

const prices = seriesOf(
  Object.fromEntries(['BTC', 'ETH', 'SOL'].map((id, place) => [id, normals(300, 40 + place).map((v) => 0.03 * v)])),
);
const question = { ...defaultBreachQuestion, paths: 64, replicates: 2, steps: 2 };

describe('restateInQuoteCurrency', () => {
  it.each(['CRYPTO_PM', 'CRYPTO_PMRM'])('states a %s account in dollars at the price of its coin', (name) => {
    const { coin } = inCoin(name, 0.3);
    const found = restateInQuoteCurrency(coin, deviations);
    expect(found?.prepared.portfolio.baseCurrency).toBe('USD');
    expect(found?.rate).toBe(60_000);
    const [own, other] = [measureState(coin), measureState(found?.prepared ?? coin)];
    if (own.status !== 'valued' || other.status !== 'valued') throw new Error('no value');
    expect(60_000 * own.figures.equity).toBeCloseTo(other.figures.equity, 3);
    expect(60_000 * own.figures.maintenance).toBeCloseTo(other.figures.maintenance, 3);
  });

  it('leaves alone what is stated in no coin, what FX haircuts tell apart, and house rules', () => {
    const { coin, dollars } = inCoin('CRYPTO_PM', 0.3);
    expect(restateInQuoteCurrency(dollars, deviations)).toBeNull();
    const { portfolio, snapshot, rules } = coin;
    const mixed = { ...portfolio, cash: [...portfolio.cash, { currency: 'USD', amount: new Decimal(5000) }] };
    const policy = { ...rules.policy, fxHaircuts: { USD: 0.05 } };
    expect(
      restateInQuoteCurrency(prepareState({ portfolio: mixed, snapshot }, { ...rules, policy }), deviations),
    ).toBeNull();
    const rule = {
      id: 'add',
      effectiveFrom: '2020-01-01',
      effectiveTo: null,
      scope: { level: 'firm' },
      underlying: null,
      effect: { kind: 'add-on', amount: 1 },
    } as const;
    expect(restateInQuoteCurrency({ ...coin, rules: { ...rules, houseRules: [rule] } }, deviations)).toBeNull();
  });
});

describe('computeBreachProbability of an account stated in a coin', () => {
  it.each(['CRYPTO_PM', 'CRYPTO_PMRM'])(
    'under %s is that of the same account in dollars, its error told in coins',
    (name) => {
      const { coin, dollars } = inCoin(name, 0.25);
      const [found, same] = [coin, dollars].map((state) =>
        finish(computeBreachProbability(state, { series: prices }, question)),
      );
      expect(found?.evaluation).not.toBe('JOINT');
      expect(found?.probability).toBe(same?.probability);
      expect(found?.probability).toBeGreaterThan(0.01);
      expect(60_000 * (found?.check?.largestError ?? NaN)).toBeCloseTo(same?.check?.largestError ?? NaN, 6);
      expect(60_000 * (found?.buffer ?? NaN)).toBeCloseTo(same?.buffer ?? NaN, 3);
    },
  );
});
