import { readPriceHistoryFile, type SourceFile } from '@ballast/formats';
import { Database, PriceHistoryStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  type ImportReport,
  requireControlTotals,
} from './import-report';

/** Longest single statement of an import [ms]. */
const statementTimeoutMs = 600_000;

/** Records the daily prices of a file. A price that is held already changes nothing; a different one is a further revision. */
@Injectable()
export class ImportPrices {
  constructor(
    private readonly database: Database,
    private readonly prices: PriceHistoryStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(context: ImportContext, source: SourceFile): Promise<ImportReport> {
    const { firmId, recordedBy } = context;
    const history = readPriceHistoryFile(source);
    const files = hashFiles([source]);
    requireControlTotals(context, { file: source.name, rows: history.days.length }, files);
    const counted = history.days.reduce((sum, { prices }) => sum + prices.filter((price) => price !== null).length, 0);
    const { added, corrected } = await this.database.withTenant(
      { firmId },
      (transaction) => this.prices.record(transaction, history, { source: describeSource(files), recordedBy }),
      { statementTimeoutMs },
    );
    return {
      kind: 'prices',
      files,
      rows: counted,
      stored: added + corrected,
      unchanged: counted - added - corrected,
      totals: {
        symbols: String(history.symbols.length),
        days: String(history.days.length),
        from: history.days[0]?.date ?? '',
        to: history.days[history.days.length - 1]?.date ?? '',
        corrected: String(corrected),
      },
      warnings: history.warnings,
    };
  }
}
