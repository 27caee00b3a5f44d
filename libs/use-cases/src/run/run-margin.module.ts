import { Module } from '@nestjs/common';
import { AccountStateReader } from '../analysis/account-state-reader';
import { AssessAccountRisk } from '../analysis/assess-account-risk';
import { AnalyseAccount } from '../analysis/analyse-account';
import { AttributeAccount } from '../analysis/attribute-account';
import { JobQueue } from '../engine/job-queue';
import { ResidentBooks, ResidentStores } from '../engine/resident-books';
import { RunBookReader } from '../engine/run-book-reader';
import { RunWorker } from '../engine/run-worker';
import { ShardedRuns } from '../engine/sharded-runs';
import { ShardRunner, ShardStores } from '../engine/shard-runner';
import { ParameterSetsInEffect } from '../risk-parameters/parameter-sets-in-effect';
import { FirmRiskStores, ReadFirmRisk } from '../analysis/read-firm-risk';
import { ReleaseHeldRequirement, ReleaseStores } from './release-held-requirement';
import { MarketReferences } from '../market/market-references';
import { RunGuard } from './run-guard';
import { DecideMarginCalls } from '../margin-call/decide-margin-calls';
import { AssetStores, LadderStores, RunInputReader } from './run-inputs';
import { RecordedEvaluation, ReplayStores } from './recorded-evaluation';
import { RequirementExplanations } from '../requirement/requirement-explanations';
import { SplitReader } from '../market/split-reader';
import { RunMargin, RunMarginStores } from './run-margin';
import { RunStateReader } from '../analysis/run-state-reader';
import { SetFirmControls } from '../account/set-firm-controls';
import { StressStoredAccount } from '../analysis/stress-stored-account';
import { Database } from '@ballast/persistence';
import { AnalysisThreads } from '../threads/analysis-threads';
import { ShardThreads } from '../threads/shard-threads';

/** Margin runs; needs the stores of the persistence module. */
@Module({
  providers: [
    AssetStores,
    JobQueue,
    DecideMarginCalls,
    LadderStores,
    ParameterSetsInEffect,
    RunBookReader,
    ResidentBooks,
    ResidentStores,
    MarketReferences,
    RunGuard,
    ReplayStores,
    RecordedEvaluation,
    RequirementExplanations,
    RunInputReader,
    SplitReader,
    RunMarginStores,
    RunMargin,
    RunWorker,
    ReleaseHeldRequirement,
    ReleaseStores,
    SetFirmControls,
    ShardedRuns,
    ShardRunner,
    ShardStores,
    AccountStateReader,
    AnalyseAccount,
    AssessAccountRisk,
    AttributeAccount,
    RunStateReader,
    StressStoredAccount,
    FirmRiskStores,
    ReadFirmRisk,
    { provide: AnalysisThreads, useFactory: () => new AnalysisThreads() },
    { provide: ShardThreads, useFactory: (database: Database) => new ShardThreads(database), inject: [Database] },
  ],
  exports: [
    AssetStores,
    SetFirmControls,
    JobQueue,
    AccountStateReader,
    AnalyseAccount,
    AnalysisThreads,
    AssessAccountRisk,
    DecideMarginCalls,
    AttributeAccount,
    ParameterSetsInEffect,
    ReleaseHeldRequirement,
    RequirementExplanations,
    RunInputReader,
    RunMargin,
    RunWorker,
    ShardRunner,
    SplitReader,
    StressStoredAccount,
    ReadFirmRisk,
  ],
})
export class RunMarginModule {}
