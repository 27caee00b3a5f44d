import { evaluatePortfolioFile } from './evaluate-portfolio-file';
import { formatMarginReport } from './margin-report';

const text = (volatility: number | undefined, cash = '9000') =>
  JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'SPAN',
    baseCurrency: 'USD',
    cash,
    market: {
      underlyings: [{ id: 'U', price: '100' }],
      instruments: [
        {
          id: 'U-100C',
          type: 'option',
          underlying: 'U',
          right: 'call',
          strike: '100',
          expiry: '2026-03-19T12:00:00Z',
          multiplier: '100',
          ...(volatility === undefined ? {} : { volatility }),
        },
        { id: 'U-F', type: 'future', underlying: 'U', expiry: '2026-03-19T12:00:00Z', multiplier: '100', price: '100' },
      ],
    },
    positions: [
      { instrument: 'U-100C', quantity: '-3' },
      { instrument: 'U-F', quantity: '1' },
    ],
  });
const reportOf = (...input: Parameters<typeof text>) => {
  const result = evaluatePortfolioFile({ text: text(...input), fileName: 'p.json' });
  if (result.status === 'rejected') throw new Error(result.message);
  return { report: formatMarginReport(result.output), output: result.output };
};

describe('formatMarginReport', () => {
  it('says what is needed, why, and who contributes', () => {
    const { report, output } = reportOf(0.25);
    expect(report).toMatch(/^SPAN {3}HEALTHY, buffer \d+\.\d % of maintenance {3}quality OK\n/);
    expect(report).toMatch(/Initial requirement +2,\d{3}\.\d\d USD/);
    expect(report).toContain(`Worst scenario: U ${output.worstScenario?.index}, ${output.worstScenario?.label}: loss`);
    expect(report).toMatch(/\n {6}U +[\d,.]+ +scan \+ charges/);
    expect(report).toMatch(/U-100C +[\d,.]+ +[\d,.]+/);
    expect(report).toMatch(/Greeks by underlying/);
    expect(report).toContain('Warnings\n  U-F: no average price');
    for (const line of report.split('\n')) expect(line).toBe(line.trimEnd());
  });

  it('shows the call of an account that must pay', () => {
    expect(reportOf(0.25, '3000').report).toMatch(/Margin call +[\d,]+\.\d\d USD/);
  });

  it('gives reasons and no figures when it cannot be valued', () => {
    const { report } = reportOf(undefined);
    expect(report).toContain('Cannot be valued:\n  U-100C: neither price nor volatility');
    expect(report).toMatch(/Initial requirement +—/);
    expect(report).not.toContain('Breakdown');
  });
});
