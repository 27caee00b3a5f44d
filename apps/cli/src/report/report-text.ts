import { type ReportDocument, reportSections } from '@ballast/use-cases';
import { alignColumns } from '../print';

/** A report for a terminal. */
export function reportText({ kind, firm, account, asOf, quality, run, lines }: ReportDocument): string {
  const whose = account === null ? firm.name : `${firm.name}, account ${account.code} ${account.name}`;
  const title = `${kind === 'statement' ? 'Margin statement' : 'Margin summary'} of ${whose}\nas of ${asOf}, data quality ${quality}, run ${run}\n`;
  const sections = Object.entries(reportSections).flatMap(([section, heading]) => {
    const rows = lines
      .filter((line) => line.section === section)
      .map(({ item, description, depth, quantity, price, amount, currency, basis }) => {
        const named = ['position', 'collateral', 'deficit'].includes(section) ? `${item}  ${description}` : description;
        const value = amount === null ? '' : `${amount} ${currency ?? ''}`;
        return [`  ${'  '.repeat(depth)}${named}`, quantity ?? '', price ?? '', value, basis ?? ''];
      });
    return rows.length === 0 ? [] : [`\n${heading}\n${alignColumns(rows, [1, 2, 3])}`];
  });
  return `${title}${sections.join('')}`;
}
