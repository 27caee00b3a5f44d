import { evaluateState } from '@ballast/buffer';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import { portfolioOf, position, quote, share, snapshotOf } from '../../../../test/support/portfolio-builder';
import { prepareMethodologyRules, prepareSource } from './account-source';
import { fromMessage, toMessage } from './message-codec';

const portfolio = portfolioOf([position(share('S'), 10)], { methodology: 'TIMS', cash: [cashOf('500')] });
const snapshot = snapshotOf({ quotes: [quote('S', { price: '100' })] });
const own = preparedAccount({ portfolio, snapshot });
const source = { portfolio, snapshot, parameters: {}, code: 'A-1', policy: own.rules.policy };

describe('prepareSource', () => {
  it('gives the figures of the account it describes, also after the way to a thread', () => {
    const posted = fromMessage(structuredClone(toMessage(source))) as typeof source;
    const [here, there] = [evaluateState(prepareSource(source)), evaluateState(prepareSource(posted))];
    expect(there.requirement.maintenanceRequirement).toEqual(here.requirement.maintenanceRequirement);
    expect(there.requirement.maintenanceRequirement?.amount.toFixed(2)).toBe('150.00');
    expect(there.assessment.buffer).toEqual(evaluateState(own).assessment.buffer);
  });

  it('applies the house rules of the account and of no other', () => {
    const rule = { id: 'r', effectiveFrom: '2000-01-01', kind: 'multiplier', multiplier: 2, account: 'A-1' };
    const { methodology, asOf } = portfolio;
    const rulesOf = prepareMethodologyRules({ methodology, parameters: { house: [rule] }, asOf });
    const requirementOf = (code: string) =>
      evaluateState({ ...source, rules: rulesOf({ code, policy: source.policy }) }).requirement.maintenanceRequirement;
    expect(requirementOf('A-1')?.amount.toFixed(2)).toBe('300.00');
    expect(requirementOf('A-2')?.amount.toFixed(2)).toBe('150.00');
  });

  it('refuses parameters that the methodology refuses', () =>
    expect(() => prepareSource({ ...source, parameters: { unheard: 1 } })).toThrow('unheard'));
});
