import { Module } from '@nestjs/common';
import { AccountStateReader } from './account-state-reader';
import { AssessAccountRisk } from './assess-account-risk';
import { AnalyseAccount } from './analyse-account';
import { AttributeAccount } from './attribute-account';
import { JobQueue } from './engine/job-queue';
import { RunBookReader } from './engine/run-book-reader';
import { RunWorker } from './engine/run-worker';
import { ShardedRuns } from './engine/sharded-runs';
import { ShardRunner, ShardStores } from './engine/shard-runner';
import { ParameterSetsInEffect } from './parameter-sets-in-effect';
import { FirmRiskStores, ReadFirmRisk } from './read-firm-risk';
import { ReleaseHeldRequirement, ReleaseStores } from './release-held-requirement';
import { MarketReferences } from './market-references';
import { RunGuard } from './run-guard';
import { DecideMarginCalls } from './decide-margin-calls';
import { AssetStores, LadderStores, RunInputReader } from './run-inputs';
import { RecordedEvaluation, ReplayStores } from './recorded-evaluation';
import { RequirementExplanations } from './requirement-explanations';
import { SplitReader } from './split-reader';
import { RunMargin, RunMarginStores } from './run-margin';
import { RunStateReader } from './run-state-reader';
import { SetFirmControls } from './set-firm-controls';
import { StressStoredAccount } from './stress-stored-account';
import { AnalysisThreads } from './threads/analysis-threads';

/** Margin runs; needs the stores of the persistence module. */
@Module({
  providers: [
    AssetStores,
    JobQueue,
    DecideMarginCalls,
    LadderStores,
    ParameterSetsInEffect,
    RunBookReader,
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
  ],
  exports: [
    AssetStores,
    SetFirmControls,
    JobQueue,
    AccountStateReader,
    AnalyseAccount,
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
