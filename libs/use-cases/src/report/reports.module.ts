import { Module } from '@nestjs/common';
import { MarketReferences } from '../market/market-references';
import { RecordedEvaluation, ReplayStores } from '../run/recorded-evaluation';
import { RequirementExplanations } from '../requirement/requirement-explanations';
import { RunGuard } from '../run/run-guard';
import { AssetStores, LadderStores, RunInputReader } from '../run/run-inputs';
import { SplitReader } from '../market/split-reader';
import { ReportFigures, ReportHoldings, ReportStatements } from './report-statements';
import { ReportSummary } from './report-summary';

/** Margin statements and summaries of runs; needs the stores of the persistence module. */
@Module({
  providers: [
    AssetStores,
    LadderStores,
    RunInputReader,
    SplitReader,
    ReplayStores,
    RecordedEvaluation,
    RequirementExplanations,
    MarketReferences,
    RunGuard,
    ReportFigures,
    ReportHoldings,
    ReportStatements,
    ReportSummary,
  ],
  exports: [ReportStatements, ReportSummary],
})
export class ReportsModule {}
