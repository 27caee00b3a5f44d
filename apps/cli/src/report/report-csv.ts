import { formatDelimitedCells, guardedTextCell } from '@ballast/formats';
import type { ReportDocument } from '@ballast/use-cases';

const header = 'firm,account,asOf,run,section,item,description,quantity,price,amount,currency,basis\n';

/** Heading of the CSV form of reports. */
export function reportCsvHeader(): string {
  return header;
}

/** One row per line of the report; text never begins a formula, figures stay figures. */
export function reportCsvRows({ firm, account, asOf, run, lines }: ReportDocument): string {
  return lines
    .map((line) => {
      const cells = [
        guardedTextCell(firm.code),
        guardedTextCell(account?.code ?? ''),
        asOf,
        run,
        line.section,
        guardedTextCell(line.item),
        guardedTextCell(line.description),
        line.quantity ?? '',
        line.price ?? '',
        line.amount ?? '',
        line.currency ?? '',
        guardedTextCell(line.basis ?? ''),
      ];
      return `${formatDelimitedCells(cells)}\n`;
    })
    .join('');
}
