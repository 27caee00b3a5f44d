import { Module } from '@nestjs/common';
import { ReadReconciliations } from './read-reconciliations';
import { ReconcileStatement } from './reconcile-statement';
import { ReconciliationLookups } from './reconciliation-lookups';
import { RecordedEvaluation, ReplayStores } from '../run/recorded-evaluation';
import { RequirementExplanations } from '../requirement/requirement-explanations';
import { MarketReferences } from '../market/market-references';
import { RunGuard } from '../run/run-guard';
import { ResolveBreaks } from './resolve-breaks';
import { AssetStores, LadderStores, RunInputReader } from '../run/run-inputs';
import { SplitReader } from '../market/split-reader';
import { StartReconciliation } from './start-reconciliation';

/** Reconciliations with statements of other houses; needs the stores of the persistence module. */
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
    ReconciliationLookups,
    ReconcileStatement,
    StartReconciliation,
    ResolveBreaks,
    ReadReconciliations,
  ],
  exports: [StartReconciliation, ResolveBreaks, ReadReconciliations],
})
export class ReconciliationModule {}
