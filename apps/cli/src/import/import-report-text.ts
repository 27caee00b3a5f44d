import type { ImportReport, MarketImportReport, SurfaceSummary } from '@ballast/use-cases';
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
    const { snapshot, flagCounts, instrumentsNew, surfaces } = report;
    rows.push(['instruments new', String(instrumentsNew)]);
    rows.push(['snapshot', `${snapshot.id} as of ${snapshot.asOf}${snapshot.isNew ? '' : ' (known already)'}`]);
    rows.push(['content hash', snapshot.hash]);
    rows.push(['quality', [snapshot.quality, ...snapshot.qualityReasons].join('; ')]);
    rows.push(...surfaces.map((surface) => [`surface ${surface.underlying}`, surfaceText(surface)]));
    rows.push(...Object.entries(flagCounts).map(([flag, count]) => [flag, String(count)]));
  }
  return alignColumns(rows);
}

function surfaceText({ expiries, fitted, worstError, findings }: SurfaceSummary): string {
  const counts = Object.entries(findings).map(([code, count]) => `${code} ${count}`);
  const fit = `${fitted} of ${expiries} expiries fitted, worst miss ${(100 * worstError).toFixed(2)} volatility points`;
  const isFree = !Object.keys(findings).some((code) => code.startsWith('IV_ARB'));
  return [fit, ...(isFree ? ['free of arbitrage'] : []), ...counts].join('; ');
}

function isMarket(report: ImportReport): report is MarketImportReport {
  return report.kind === 'market';
}
