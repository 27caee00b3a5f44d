import { Module } from '@nestjs/common';
import { RecordedEvaluation, ReplayStores } from './recorded-evaluation';
import { ReplayProgress } from './replay-progress';
import { ReplayRun } from './replay-run';
import { MarketReferences } from '../market/market-references';
import { RunGuard } from './run-guard';
import { AssetStores, LadderStores, RunInputReader } from './run-inputs';
import { SplitReader } from '../market/split-reader';

/** Replays of past runs; needs the stores of the persistence module. */
@Module({
  providers: [
    AssetStores,
    LadderStores,
    RunInputReader,
    MarketReferences,
    RunGuard,
    ReplayStores,
    RecordedEvaluation,
    SplitReader,
    ReplayProgress,
    ReplayRun,
  ],
  exports: [ReplayRun],
})
export class ReplayModule {}
