import { moneyFromModelValue } from '@ballast/domain';
import { computeRequirement } from '@ballast/margin';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import { future, option, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { assessBuffer } from '../assess-buffer';
import { evaluateState, measureState, stateCover } from './account-state';

const call = option('C');
const put = option('P', { right: 'put', exercise: 'american' });
const contract = future('F');
const snapshot = snapshotOf({
  quotes: [quote('C', { price: '4.2' }), quote('P', { volatility: 0.3 }), quote('F', { price: '100.5' })],
});
const positions = [position(call, -3), position(put, -2), position(contract, 1)];

describe.each(['SPAN', 'TIMS', 'CRYPTO_PM'] as const)('evaluateState under %s', (methodology) => {
  const portfolio = portfolioOf(positions, { methodology, cash: [cashOf('20000')] });
  const account = preparedAccount({ portfolio, snapshot });

  it('gives the bits of an evaluation from nothing, also after other portfolios shared the valuations', () => {
    evaluateState(account, { ...portfolio, positions: [position(call, 4)] });
    const requirement = computeRequirement({ portfolio, snapshot });
    expect(evaluateState(account)).toEqual({
      requirement,
      assessment: assessBuffer({ portfolio, snapshot, requirement }),
    });
  });

  it('measures what the evaluation rounds', () => {
    const measure = measureState(account);
    const { requirement, assessment } = evaluateState(account);
    if (measure.status !== 'valued') throw new Error('not valued');
    const { equity, initial, maintenance } = measure.figures;
    expect(initial).toBe(requirement.model?.initialRequirement);
    expect(moneyFromModelValue(maintenance, 'USD', 'up')).toEqual(requirement.maintenanceRequirement);
    expect(moneyFromModelValue(equity, 'USD', 'down')).toEqual(assessment.equity);
  });

  it('states the cover to the minor unit as the evaluation does', () => {
    const more = { ...portfolio, positions: [...positions, position(call, -2)] };
    const { excess, buffer } = evaluateState(account, more).assessment;
    expect(stateCover(account, more)).toEqual({ excess, buffer });
  });

  it('evaluates its own portfolio once', () => {
    expect(evaluateState(account)).toBe(evaluateState(account, portfolio));
    expect(evaluateState(account, { ...portfolio })).toEqual(evaluateState(account));
  });

  it('says when a contract has neither price nor volatility', () => {
    const poor = preparedAccount({ portfolio, snapshot: snapshotOf({ quotes: [] }) });
    expect(measureState(poor)).toEqual({ status: 'indeterminate' });
    expect(stateCover(poor, portfolio)).toBeNull();
    expect(evaluateState(poor).assessment.status).toBe('INDETERMINATE');
  });
});

describe('evaluateState with house rules', () => {
  it('lays them over, and measures under them', () => {
    const portfolio = portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf('20000')] });
    const houseRules = [
      {
        id: 'times-two',
        effectiveFrom: '2020-01-01',
        effectiveTo: null,
        scope: { level: 'firm' },
        underlying: null,
        effect: { kind: 'multiplier', multiplier: 2 },
      },
    ] as const;
    const own = measureState(preparedAccount({ portfolio, snapshot }));
    const doubled = measureState(preparedAccount({ portfolio, snapshot, rules: { houseRules } }));
    if (own.status !== 'valued' || doubled.status !== 'valued') throw new Error('not valued');
    expect(doubled.figures.maintenance).toBeCloseTo(2 * own.figures.maintenance, 6);
    expect(doubled.figures.equity).toBe(own.figures.equity);
  });
});
