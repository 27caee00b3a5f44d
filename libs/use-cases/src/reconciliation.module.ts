import { Module } from '@nestjs/common';
import { ReadReconciliations } from './read-reconciliations';
import { ReconcileStatement } from './reconcile-statement';
import { ReconciliationLookups } from './reconciliation-lookups';
import { ReplayStores } from './replay-run';
import { ResolveBreaks } from './resolve-breaks';
import { AssetStores, LadderStores, RunInputReader } from './run-inputs';
import { StartReconciliation } from './start-reconciliation';

/** Reconciliations with statements of other houses; needs the stores of the persistence module. */
@Module({
  providers: [
    AssetStores,
    LadderStores,
    RunInputReader,
    ReplayStores,
    ReconciliationLookups,
    ReconcileStatement,
    StartReconciliation,
    ResolveBreaks,
    ReadReconciliations,
  ],
  exports: [StartReconciliation, ResolveBreaks, ReadReconciliations],
})
export class ReconciliationModule {}
