import { addUpPortfolioFiles, type AccountFile } from './firm-risk-file';
import { firmRiskText } from './firm-risk-report';

/** One account in shares of U at 100, long or short, with cash. */
const account = (code: string, shares: number, cash: string, changes: object = {}): AccountFile => ({
  code,
  fileName: `${code}.json`,
  text: JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'TIMS',
    baseCurrency: 'USD',
    cash,
    market: {
      underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
      instruments: [{ id: 'S', type: 'underlying', underlying: 'U', multiplier: '1', price: '100' }],
    },
    positions: [{ instrument: 'S', quantity: String(shares) }],
    ...changes,
  }),
});
const question = { by: 'UNDERLYING', scenarios: ['1987-10-19'], top: 5 } as const;
// docs/methodology.md 5.7a: 100, −50, 100 and 100 shares at 100 with cash −5,000, 10,000, −9,000 and −7,500
const firm = [
  account('A', 100, '-5000'),
  account('B', -50, '10000'),
  account('C', 100, '-9000'),
  account('D', 100, '-7500'),
];

describe('addUpPortfolioFiles', () => {
  it('adds up four files as the worked example of the firm', () => {
    const result = addUpPortfolioFiles(firm, question);
    if (result.status === 'rejected') throw new Error(result.message);
    const [scenario] = result.output.scenarios;
    expect(result.exitCode).toBe(0);
    expect(scenario).toMatchObject({ loss: '5117.50', lossOverCollateral: '1047.00', lossOverRequirement: '1641.00' });
    expect(result.output).toMatchObject({ accounts: 4, equity: '13500.00', quality: 'OK', currency: 'USD' });
    expect(firmRiskText(result.output.view)).toContain('4 accounts at 2026-01-05T12:00:00.000Z, OK');
    expect(addUpPortfolioFiles([...firm].reverse(), question)).toEqual(result);
  });

  it('names an account that takes no part, exit code 5', () => {
    const blind = account('E', 1, '0', {
      market: { underlyings: [], instruments: [] },
      positions: [],
      baseCurrency: 'CHF',
    });
    const result = addUpPortfolioFiles([...firm, blind], question);
    expect(result).toMatchObject({ exitCode: 5, output: { quality: 'DEGRADED', accountsExcluded: 1 } });
  });

  it.each([
    ['files of two instants', account('E', 1, '0', { asOf: '2026-01-06T12:00:00Z' }), 'E.json: asOf differs'],
    [
      'two prices of one underlying',
      account('E', 0, '0', {
        market: { underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '101' }], instruments: [] },
        positions: [],
      }),
      'quotes U unlike',
    ],
    ['two files of one name', account('A', 1, '0'), 'two files are named A'],
    ['a file that is none', { code: 'E', fileName: 'E.json', text: '{' }, 'E.json'],
  ])('refuses %s', (_, file, message) => {
    const result = addUpPortfolioFiles([...firm, file], question);
    expect(result).toMatchObject({ status: 'rejected', exitCode: 3, message: expect.stringContaining(message) });
  });

  it('refuses no files and unknown scenarios', () => {
    expect(addUpPortfolioFiles([], question)).toMatchObject({ status: 'rejected', exitCode: 3 });
    expect(addUpPortfolioFiles(firm, { ...question, scenarios: ['2099'] })).toMatchObject({ status: 'rejected' });
  });
});
