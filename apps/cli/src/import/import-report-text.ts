import type { ImportReport, MarketImportReport } from '@ballast/use-cases';
import { alignColumns } from '../print';

/** Writes the control totals of an import as a person reads them. */
export function importReportText(report: ImportReport, firmCode: string): string {
  const rows: string[][] = [
    [report.kind, `into ${firmCode}`],
    ...report.files.map(({ name, sha256 }) => ['file', `${name}  sha256 ${sha256}`]),
    ['rows in', String(report.rows)],
    ['stored', String(report.stored)],
    ['unchanged', String(report.unchanged)],
    ['rejected', '0'],
    ...Object.entries(report.totals).map(([name, total]) => [name, total]),
  ];
  if (isMarket(report)) {
    const { snapshot, flagCounts, instrumentsNew } = report;
    rows.push(['instruments new', String(instrumentsNew)]);
    rows.push(['snapshot', `${snapshot.id} as of ${snapshot.asOf}${snapshot.isNew ? '' : ' (known already)'}`]);
    rows.push(['content hash', snapshot.hash]);
    rows.push(['quality', [snapshot.quality, ...snapshot.qualityReasons].join('; ')]);
    rows.push(...Object.entries(flagCounts).map(([flag, count]) => [flag, String(count)]));
  }
  return alignColumns(rows);
}

function isMarket(report: ImportReport): report is MarketImportReport {
  return report.kind === 'market';
}
