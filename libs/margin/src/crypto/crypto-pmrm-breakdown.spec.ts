import { asOf } from '../../../../test/support/portfolio-builder';
import { plainPmrmOverrides, pmrmBook } from '../../../../test/support/pmrm-book';
import { buildBreakdown } from '../margin-breakdown';
import { computePmrmAccountHealth } from './crypto-pmrm-account-health';
import { draftPmrmBreakdown } from './crypto-pmrm-breakdown';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const parameters = parsePmrmParameters(plainPmrmOverrides, asOf);
const treeOf = (quantities: readonly number[], collateral: Parameters<typeof computePmrmAccountHealth>[0]['collateral']) => {
  const account = { currency: 'USD', books: [pmrmBook()], collateral, cash: 0 };
  const health = computePmrmAccountHealth(account, quantities, parameters);
  return buildBreakdown(draftPmrmBreakdown(health, parameters, { toBase: 1, currency: 'USD' }), 'USD');
}; // prettier-ignore

describe('draftPmrmBreakdown', () => {
  it('names the worst scenario and both figures', () => {
    const nodes = treeOf([-3, 0, 0], []);
    expect(nodes[0]).toMatchObject({ kind: 'requirement', parentId: null });
    const scan = nodes.filter(({ kind }) => kind === 'scan-risk');
    expect(scan.map(({ basis }) => basis)).toEqual([
      '1 × loss in scenario 1: spot +10 %, volatility up',
      '0.8 × loss in scenario 1: spot +10 %, volatility up',
    ]);
    expect(scan.map(({ amount }) => amount.amount.toNumber())).toEqual([15, 12]);
  });

  it('tops a negative charge up to 0', () => {
    const gaining = pmrmBook();
    const account = { currency: 'USD', books: [gaining], collateral: [], cash: 0 };
    const health = {
      ...computePmrmAccountHealth(account, [0, 0, 0], parameters),
      initialCharge: 0,
      maintenanceCharge: 0,
    };
    const [book] = health.books;
    const negative = { ...health, initialCharge: -5, books: [{ ...(book as typeof book & object), worstLoss: -5, initialCharge: -5 }] }; // prettier-ignore
    const nodes = buildBreakdown(
      draftPmrmBreakdown(negative, parameters, { toBase: 1, currency: 'USD' }).slice(0, 1),
      'USD',
    );
    expect(nodes.find(({ kind }) => kind === 'minimum-top-up')?.amount.amount.toNumber()).toBe(5);
    expect(nodes[0]?.amount.amount.toNumber()).toBe(0);
  });
});
