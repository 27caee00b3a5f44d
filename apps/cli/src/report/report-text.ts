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
        const isNamed = ['position', 'collateral', 'deficit'].includes(section);
        const label = `  ${'  '.repeat(depth)}${isNamed ? item : description}`;
        const value = amount === null ? '' : `${amount} ${currency ?? ''}`;
        return [label, ...(isNamed ? [description] : []), quantity ?? '', price ?? '', value, basis ?? ''];
      });
    const last = (rows[0]?.length ?? 0) - 1;
    return rows.length === 0 ? [] : [`\n${heading}\n${alignColumns(rows, [last - 3, last - 2, last - 1])}`];
  });
  return `${title}${sections.join('')}`;
}
