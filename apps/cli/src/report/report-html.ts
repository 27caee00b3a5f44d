import { type ReportDocument, type ReportLine, reportSections } from '@ballast/use-cases';
import type { ReportSeal } from './report-seal';

const style = `
@page { size: A4; margin: 18mm 16mm 20mm; }
* { box-sizing: border-box; }
body { margin: 0; background: #eef0f2; color: #17202a; font: 10pt/1.45 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
article { width: 210mm; min-height: 297mm; margin: 8mm auto; padding: 18mm 16mm; background: #fff; box-shadow: 0 1px 6px #0003; }
header { display: flex; justify-content: space-between; gap: 8mm; border-bottom: 2px solid #17202a; padding-bottom: 4mm; }
h1 { margin: 0; font-size: 17pt; font-weight: 600; } h2 { margin: 7mm 0 1.5mm; font-size: 11pt; font-weight: 600; }
header p { margin: 1mm 0 0; color: #4a5560; } .facts { text-align: right; font-variant-numeric: tabular-nums; }
.doubt { margin: 4mm 0 0; padding: 2mm 3mm; border-left: 3px solid #b3541e; background: #fbf1ea; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; }
th { text-align: left; font-weight: 600; font-size: 8.5pt; color: #4a5560; border-bottom: 1px solid #9aa5b1; padding: 1mm 2mm 1mm 0; }
tbody th { font-weight: 400; font-size: inherit; color: inherit; }
td, tbody th { vertical-align: top; border-bottom: 1px solid #e3e7ea; padding: 1mm 2mm 1mm 0; }
.n { text-align: right; white-space: nowrap; } .basis { color: #4a5560; font-size: 8.5pt; overflow-wrap: anywhere; }
tbody th { overflow-wrap: anywhere; } .minus { color: #a02318; }
footer { margin-top: 9mm; padding-top: 2mm; border-top: 1px solid #9aa5b1; color: #4a5560; font-size: 7.5pt; overflow-wrap: anywhere; }
footer p { margin: .6mm 0; }
@media print { body { background: none; } article { width: auto; min-height: 0; margin: 0; padding: 0; box-shadow: none; break-after: page; } article:last-of-type { break-after: auto; } }
`;

/** What stands before the first report of a file; nothing in it is loaded from elsewhere. */
export function reportHtmlHead(title: string): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>
`;
}

export const reportHtmlFoot = '</main></body></html>\n';

/** One report as pages of their own. */
export function reportHtmlArticle(report: ReportDocument, seal: ReportSeal, writtenAt: string): string {
  const { kind, firm, account, asOf, run, quality, qualityReasons, marketAgeSeconds } = report;
  const title = kind === 'statement' ? 'Margin statement' : 'Margin summary';
  const whose =
    account === null ? '' : `<p>Account <strong>${escapeHtml(account.code)}</strong> ${escapeHtml(account.name)}</p>`;
  const reasons = qualityReasons.map((reason) => `<br>${escapeHtml(reason)}`).join('');
  const doubt =
    quality === 'OK' ? '' : `<p class="doubt"><strong>Data quality: ${escapeHtml(quality)}.</strong>${reasons}</p>`;
  const age = marketAgeSeconds === 0 ? 'market of that instant' : `market ${ageText(marketAgeSeconds)} older`;
  return `<article><header><div><h1>${title}</h1><p><strong>${escapeHtml(firm.name)}</strong> (${escapeHtml(firm.code)})</p>${whose}</div>
<div class="facts"><p>as of <strong>${instantHtml(asOf)}</strong></p><p>${age}</p><p>data quality ${escapeHtml(quality)}</p></div></header>${doubt}
${Object.entries(reportSections)
  .map(([section, heading]) =>
    sectionHtml(
      report.lines.filter((line) => line.section === section),
      heading,
    ),
  )
  .join('')}
<footer><p>Run ${escapeHtml(run)}, result hash ${report.resultHash ?? '–'}</p>${
    report.accountResultHash === null ? '' : `<p>Result hash of the account ${report.accountResultHash}</p>`
  }<p>SHA-256 of this report ${seal.sha256}</p><p>${
    seal.signature === null
      ? 'Not signed: this installation has no key'
      : `Ed25519 ${seal.signature} by key ${seal.key}`
  }</p><p>Written ${instantHtml(writtenAt)}</p></footer></article>
`;
}

/** What the columns of a section hold: the row's name, words beside it, and numbers that are no amounts. */
const headings: Readonly<
  Record<string, { readonly name: string; readonly words?: string; readonly quantity?: string }>
> = {
  summary: { name: 'Figure', quantity: 'Ratio' },
  equity: { name: 'Component' },
  requirement: { name: 'Component' },
  position: { name: 'Contract', words: 'Terms' },
  collateral: { name: 'Asset', words: 'Kind' },
  call: { name: 'Call' },
  status: { name: 'Status', quantity: 'Accounts' },
  quality: { name: 'Quality', quantity: 'Accounts' },
  coverage: { name: 'Figure', quantity: 'Ratio' },
  deficit: { name: 'Account', words: 'Status' },
  'open-call': { name: 'State', quantity: 'Calls' },
  period: { name: 'State', quantity: 'Calls' },
  note: { name: 'Note' },
};

function sectionHtml(lines: readonly ReportLine[], title: string): string {
  const [first] = lines;
  if (first === undefined) return '';
  const { name, words, quantity = 'Quantity' } = headings[first.section] ?? { name: title };
  const columns = [['quantity', quantity], ['price', 'Price'], ['amount', 'Amount']] as const; // prettier-ignore
  const used = columns.filter(([column]) => lines.some((line) => line[column] !== null));
  const hasBasis = lines.some(({ basis }) => basis !== null);
  const heads = [
    headCell(name),
    words === undefined ? '' : headCell(words),
    ...used.map(([, text]) => headCell(text, 'n')),
    hasBasis ? headCell('Basis') : '',
  ];
  const rows = lines.map((line) => {
    const indent = line.depth === 0 ? '' : ` style="padding-left:${Math.min(line.depth, 8) * 4}mm"`;
    const label = words === undefined ? line.description : line.item;
    const beside = words === undefined ? '' : `<td>${escapeHtml(line.description)}</td>`;
    const cells = used.map(([column]) => figureCell(line, column)).join('');
    const basis = hasBasis ? `<td class="basis">${escapeHtml(line.basis ?? '')}</td>` : '';
    return `<tr><th scope="row"${indent}>${escapeHtml(label)}</th>${beside}${cells}${basis}</tr>`;
  });
  return `<section><h2>${escapeHtml(title)}</h2><table aria-label="${escapeHtml(title)}"><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></section>
`;
}

function headCell(text: string, kind?: string): string {
  return `<th scope="col"${kind === undefined ? '' : ` class="${kind}"`}>${text}</th>`;
}

/** An amount is indeterminate where its line should have one; a contract without a value of its own has none to show. */
function figureCell(line: ReportLine, column: 'quantity' | 'price' | 'amount'): string {
  const figure = line[column];
  const currency = column === 'amount' ? line.currency : null;
  if (figure === null)
    return `<td class="n">${currency === null || line.quantity !== null ? '' : 'indeterminate'}</td>`;
  const [whole = '', fraction] = figure.replace('-', '').split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const text = `${figure.startsWith('-') ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
  const shown = currency === null ? text : `${text} ${escapeHtml(currency)}`;
  return `<td class="n${figure.startsWith('-') ? ' minus' : ''}">${shown}</td>`;
}

/** `2026-11-20 21:00:00 UTC`, and the instant itself for machines. */
function instantHtml(instant: string): string {
  const [date = '', time = ''] = instant.split('T');
  const shown = `${date} ${time.replace(/(?:\.0+)?Z$/, ' UTC').replace(/Z$/, ' UTC')}`;
  return `<time datetime="${escapeHtml(instant)}">${escapeHtml(shown)}</time>`;
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
