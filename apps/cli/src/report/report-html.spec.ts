import { reportLine } from '@ballast/use-cases';
import { reportHtmlArticle, reportHtmlFoot, reportHtmlHead } from './report-html';
import { reportText } from './report-text';

const amounts = { amount: '-1234567.50', currency: 'USD' };
const report = {
  kind: 'statement',
  firm: { code: 'F', name: 'Firm' },
  account: { code: 'A', name: '=cmd|<b>' },
  asOf: '2026-11-20T21:00:00.000Z',
  run: 'r',
  quality: 'OK',
  qualityReasons: [],
  marketAgeSeconds: 0,
  resultHash: null,
  accountResultHash: null,
  lines: [
    reportLine({ section: 'summary', item: 'equity', description: 'Equity', ...amounts }),
    reportLine({ section: 'summary', item: 'buffer', description: 'Buffer', currency: 'USD' }),
    reportLine({ section: 'summary', item: 'leverage', description: 'Leverage', quantity: '2.5' }),
    reportLine({ section: 'position', item: 'C', description: 'X call', quantity: '-3', price: '2', ...amounts }),
    reportLine({ section: 'position', item: 'LONGER-F', description: 'X future', quantity: '4', price: '74', currency: 'USD' }), // prettier-ignore
    reportLine({ section: 'coverage', item: 'coverage', description: 'Equity', ...amounts }),
    reportLine({ section: 'coverage', item: 'ratio', description: 'Coverage', quantity: '1.67', currency: 'USD' }),
  ],
} as const;
const seal = { sha256: 's', signature: null, key: null };
const html = reportHtmlHead('t') + reportHtmlArticle(report, seal, '2026-11-20T21:00:01.250Z') + reportHtmlFoot;
const rowOf = (label: string) =>
  html.split('<tr>').find((row) => row.startsWith(`<th scope="row">${label}</th>`)) ?? '';

describe('reportHtmlArticle', () => {
  it('calls indeterminate what should have an amount, and nothing else', () => {
    expect(rowOf('Buffer')).toContain('indeterminate');
    expect(rowOf('LONGER-F')).toContain(
      '<td>X future</td><td class="n">4</td><td class="n">74</td><td class="n"></td>',
    );
    expect(rowOf('Coverage')).toContain('<td class="n">1.67</td><td class="n"></td>');
    expect(html.match(/indeterminate/g)).toHaveLength(1);
  });

  it('names every column and row for who cannot see the table', () => {
    expect(html).not.toMatch(/<th[^>]*><\/th>/);
    expect(html.match(/<th /g)?.length).toBe(html.match(/<th scope="(?:col|row)"/g)?.length);
    expect(html).toContain(
      '<th scope="col">Contract</th><th scope="col">Terms</th><th scope="col" class="n">Quantity</th>',
    );
    expect(html.match(/<main>|<\/main>|<html lang="en">|<h1>/g)).toHaveLength(4);
  });

  it('shows figures grouped, instants in UTC and names as text', () => {
    expect(rowOf('Equity')).toContain('<td class="n minus">−1,234,567.50 USD</td>');
    expect(html).toContain('<time datetime="2026-11-20T21:00:00.000Z">2026-11-20 21:00:00 UTC</time>');
    expect(html).toContain('2026-11-20 21:00:01.250 UTC');
    expect(html).toContain('=cmd|&lt;b&gt;');
  });
});

describe('reportText', () => {
  it('sets names and terms in columns of their own', () => {
    const [, short = '', long = ''] =
      reportText(report)
        .split('Positions\n')[1]
        ?.match(/^(.*)\n(.*)/) ?? [];
    expect([short.indexOf('X call'), short.indexOf('  C')]).toEqual([
      long.indexOf('X future'),
      long.indexOf('  LONGER-F'),
    ]);
  });
});
