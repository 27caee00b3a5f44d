import { buildBreakdown } from './margin-breakdown';
import { draftInformation } from './information-drafts';

describe('draftInformation', () => {
  const requirementOf = (quantities: Float64Array) => Math.abs((quantities[0] as number) + (quantities[1] as number));
  const drafts = draftInformation({
    currency: 'USD',
    initialRequirement: 100.001,
    maintenanceRequirement: 2,
    netOptionValue: 30.009,
    quantities: [5, -3],
    requirementOf,
  });
  const nodes = buildBreakdown(drafts, 'USD');
  const amountOf = (kind: string) => nodes.find((node) => node.kind === kind)?.amount.amount.toFixed(2);

  it('quotes the requirement less option value: requirement up, credit down', () => {
    expect(amountOf('requirement-less-option-value')).toBe('70.01');
    expect(amountOf('initial-requirement')).toBe('100.01');
    expect(amountOf('net-option-value')).toBe('-30.00');
  });

  it('sets the portfolio against its positions one by one', () => {
    expect(amountOf('diversified-requirement')).toBe('2.00');
    expect(amountOf('sum-of-positions')).toBe('8.00');
    expect(amountOf('diversification')).toBe('-6.00');
  });
});
