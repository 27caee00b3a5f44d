import { Module } from '@nestjs/common';
import { ReportFigures, ReportHoldings, ReportStatements } from './report-statements';
import { ReportSummary } from './report-summary';

/** Margin statements and summaries of runs; needs the stores of the persistence module. */
@Module({
  providers: [ReportFigures, ReportHoldings, ReportStatements, ReportSummary],
  exports: [ReportStatements, ReportSummary],
})
export class ReportsModule {}
