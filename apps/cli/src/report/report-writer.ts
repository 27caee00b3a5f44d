import { persistenceOptionsFromEnv } from '@ballast/persistence';
import type { ReportDocument } from '@ballast/use-cases';
import { openOutput } from '../output-target';
import { reportCsvHeader, reportCsvRows } from './report-csv';
import { reportHtmlArticle, reportHtmlFoot, reportHtmlHead } from './report-html';
import { findSigningKey, sealReport } from './report-seal';
import { reportText } from './report-text';

export const reportFormats = ['text', 'csv', 'json', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Where reports go, one after the other. */
export interface ReportWriter {
  readonly take: (report: ReportDocument) => Promise<void>;
  /** Ends the file and makes it final. */
  readonly commit: () => Promise<void>;
  readonly discard: () => void;
}

/**
 * Opens a file of reports; `json` is one array whose members are `{ report, seal }`.
 *
 * @param target.writtenAt  RFC 3339, shown in the footer
 */
export async function openReportWriter(target: {
  readonly format: ReportFormat;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly title: string;
  readonly writtenAt: string;
}): Promise<ReportWriter> {
  const { format, title, writtenAt } = target;
  const key = findSigningKey(persistenceOptionsFromEnv(process.env).dataDir);
  const output = await openOutput(target.out, target.force ? 'replace' : 'refuse-existing');
  const head = { text: '', csv: reportCsvHeader(), json: '[', html: reportHtmlHead(title) }[format];
  const foot = { text: '', csv: '', json: '\n]\n', html: reportHtmlFoot }[format];
  let count = 0;
  const textOf = (report: ReportDocument): string => {
    const separator = count === 0 ? '' : { text: '\n\n', csv: '', json: ',', html: '' }[format];
    if (format === 'text') return separator + reportText(report);
    if (format === 'csv') return reportCsvRows(report);
    const seal = sealReport(report, key);
    if (format === 'html') return reportHtmlArticle(report, seal, writtenAt);
    return `${separator}\n${JSON.stringify({ report, seal })}`;
  };
  return {
    take: async (report) => {
      await output.write(`${count === 0 ? head : ''}${textOf(report)}`);
      count += 1;
    },
    commit: async () => {
      await output.write(`${count === 0 ? head : ''}${foot}`);
      await output.commit();
    },
    discard: output.discard,
  };
}
